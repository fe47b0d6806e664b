"""Everything there is belongs to the first clinic, and the old groups become roles in it."""

from django.db import migrations

ROLES = {"clinicians": "clinician", "assistants": "therapist"}


def move_in(apps, editor):
    Clinic, Patient = apps.get_model("clinic", "Clinic"), apps.get_model("clinic", "Patient")
    Membership, Group = apps.get_model("clinic", "Membership"), apps.get_model("auth", "Group")
    first = Clinic.objects.create(name="The clinic")
    Patient.objects.filter(clinic=None).update(clinic=first)
    for name, role in ROLES.items():
        for group in Group.objects.filter(name=name):
            for user in group.user_set.all():
                Membership.objects.create(user=user, clinic=first, role=role)
            group.delete()


def move_out(apps, editor):
    """Only while there is one clinic: several cannot be told apart by what came before."""
    Clinic, Patient = apps.get_model("clinic", "Clinic"), apps.get_model("clinic", "Patient")
    Membership, Group = apps.get_model("clinic", "Membership"), apps.get_model("auth", "Group")
    if Clinic.objects.count() > 1:
        raise RuntimeError("several clinics cannot go back to one")
    for name, role in ROLES.items():
        group, _ = Group.objects.get_or_create(name=name)
        for one in Membership.objects.filter(role=role, active=True):
            one.user.groups.add(group)
    Patient.objects.update(clinic=None)


class Migration(migrations.Migration):
    dependencies = [("clinic", "0006_clinics"), ("auth", "0012_alter_user_first_name_max_length")]
    operations = [migrations.RunPython(move_in, move_out)]
