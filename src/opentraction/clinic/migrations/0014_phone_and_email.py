"""How a patient is reached: a phone number and an e-mail address, both empty until somebody writes them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clinic", "0013_acts_in_a_clinic")]

    operations = [
        migrations.AddField("patient", "phone", models.CharField(blank=True, default="", max_length=40)),
        migrations.AddField("patient", "email", models.EmailField(blank=True, default="", max_length=254)),
    ]
