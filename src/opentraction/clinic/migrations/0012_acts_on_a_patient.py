"""The newest act on a patient is found without reading every look at their record."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clinic", "0011_recovery_codes")]
    operations = [
        migrations.AddIndex(
            model_name="auditrow",
            index=models.Index(
                condition=models.Q(("act__in", ["read", "read list"]), _negated=True),
                fields=["patient", "id"],
                name="acts_on_a_patient",
            ),
        ),
    ]
