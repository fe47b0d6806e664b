"""What care costs and who pays: money in whole cents, prices, course estimates that may end early, packages with their
refund, numbered invoices corrected by notes, accounts, cover by payer as dated facts, and all of it on paper.

Nobody's odds are known here, so no figure is called likely; nobody's payer is believed without a date.
"""

from __future__ import annotations

from opentraction.care.money.account import METHODS, Account, Entry, Payment
from opentraction.care.money.bill import Discount, Line, Tax, Totals, discounted, totals
from opentraction.care.money.codes import MODIFIERS, Code, codes
from opentraction.care.money.cover import CHECK_AGAIN, Cover, cover_for
from opentraction.care.money.estimate import UNKNOWN_ODDS, CourseEstimate, Stop, estimate, own_total
from opentraction.care.money.estimate_file import Asked, read_estimate
from opentraction.care.money.good_faith import Dispute, GoodFaith, dispute, good_faith, must_give_by
from opentraction.care.money.good_faith_paper import good_faith_pdf
from opentraction.care.money.instalments import Instalment, instalments
from opentraction.care.money.invoice import Credited, CreditNote, Invoice, credit, credit_all, invoice, left
from opentraction.care.money.invoice_paper import (
    credit_pdf,
    invoice_pdf,
    receipt_pdf,
    statement_pdf,
    superbill_pdf,
)
from opentraction.care.money.money import Money, parse_money, parse_percent, show_percent, total, zero
from opentraction.care.money.numbering import Numbered, check_row, following, parse_number
from opentraction.care.money.order import REVIEWS, Order
from opentraction.care.money.package import Package, Refund, refund_rule, sessions_taken, settle
from opentraction.care.money.parties import Clinic, Person
from opentraction.care.money.payers import Payer, Policy, correction, default_words, payers
from opentraction.care.money.prices import PriceItem, PriceList, in_force, read_prices, starting_prices
from opentraction.care.money.published import PublishedRange, published
from opentraction.care.money.refund_paper import refund_pdf
from opentraction.care.money.sources import Source
from opentraction.care.money.travel import Burden, Travel, burden

__all__ = [
    "CHECK_AGAIN",
    "METHODS",
    "MODIFIERS",
    "REVIEWS",
    "UNKNOWN_ODDS",
    "Account",
    "Asked",
    "Burden",
    "Clinic",
    "Code",
    "CourseEstimate",
    "Cover",
    "CreditNote",
    "Credited",
    "Discount",
    "Dispute",
    "Entry",
    "GoodFaith",
    "Instalment",
    "Invoice",
    "Line",
    "Money",
    "Numbered",
    "Order",
    "Package",
    "Payer",
    "Payment",
    "Person",
    "Policy",
    "PriceItem",
    "PriceList",
    "PublishedRange",
    "Refund",
    "Source",
    "Stop",
    "Tax",
    "Totals",
    "Travel",
    "burden",
    "check_row",
    "codes",
    "correction",
    "cover_for",
    "credit",
    "credit_all",
    "credit_pdf",
    "default_words",
    "discounted",
    "dispute",
    "estimate",
    "following",
    "good_faith",
    "good_faith_pdf",
    "in_force",
    "instalments",
    "invoice",
    "invoice_pdf",
    "left",
    "must_give_by",
    "own_total",
    "parse_money",
    "parse_number",
    "parse_percent",
    "payers",
    "published",
    "read_estimate",
    "read_prices",
    "receipt_pdf",
    "refund_pdf",
    "refund_rule",
    "sessions_taken",
    "settle",
    "show_percent",
    "starting_prices",
    "statement_pdf",
    "superbill_pdf",
    "total",
    "totals",
    "zero",
]
