"""The newest act in a clinic is found without reading every look at its records."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("clinic", "0012_acts_on_a_patient")]
    operations = [
        migrations.AddIndex(
            model_name="auditrow",
            index=models.Index(
                condition=models.Q(("act__in", ["read", "read list"]), _negated=True),
                fields=["clinic", "id"],
                name="acts_in_a_clinic",
            ),
        ),
    ]
