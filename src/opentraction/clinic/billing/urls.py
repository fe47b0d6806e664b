"""Addresses of money: a patient's under /patients/<pk>/bills, the clinic's under /money."""

from __future__ import annotations

from django.urls import path

from opentraction.clinic.billing.views import account, clinic, cover, estimates, invoices, packages, payments

app_name = "billing"
BILLS = "patients/<int:pk>/bills"
urlpatterns = [
    path(BILLS, account.account, name="account"),
    path(f"{BILLS}/address", account.address, name="address"),
    path(f"{BILLS}/diagnoses", account.diagnoses, name="diagnoses"),
    path(f"{BILLS}/estimate", estimates.estimate, name="estimate"),
    path(f"{BILLS}/estimates/<int:row>", estimates.kept, name="estimate-kept"),
    path(f"{BILLS}/estimates/<int:row>/good-faith.pdf", estimates.good_faith_paper, name="good-faith"),
    path(f"{BILLS}/estimates/<int:row>/given", estimates.give, name="estimate-given"),
    path(f"{BILLS}/package", packages.sell, name="package"),
    path(f"{BILLS}/packages/<int:row>/end", packages.end, name="package-end"),
    path(f"{BILLS}/packages/<int:row>/refund.pdf", packages.refund_paper, name="refund"),
    path(f"{BILLS}/invoice", invoices.new, name="new-invoice"),
    path(f"{BILLS}/invoices/<int:row>", invoices.invoice, name="invoice"),
    path(f"{BILLS}/invoices/<int:row>/credit", invoices.credit, name="credit"),
    path(f"{BILLS}/invoices/<int:row>/invoice.pdf", invoices.invoice_paper, name="invoice-paper"),
    path(f"{BILLS}/invoices/<int:row>/superbill.pdf", invoices.superbill, name="superbill"),
    path(f"{BILLS}/credits/<int:row>.pdf", invoices.credit_paper, name="credit-paper"),
    path(f"{BILLS}/payment", payments.payment, name="payment"),
    path(f"{BILLS}/receipts/<int:row>.pdf", payments.receipt, name="receipt"),
    path(f"{BILLS}/statement.pdf", payments.statement, name="statement"),
    path(f"{BILLS}/cover", cover.cover, name="cover"),
    path("money", clinic.overview, name="money"),
    path("money/prices", clinic.prices, name="prices"),
    path("money/books", clinic.books, name="books"),
    path("money/export.csv", clinic.export, name="export"),
]
