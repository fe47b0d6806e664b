"""What staff asked and ordered, what was logged, who let on."""

from __future__ import annotations

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('clinic', '0008_every_patient_has_a_clinic'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Cleared',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('exercise', models.CharField(max_length=40)),
                ('reason', models.CharField(max_length=400)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='home_cleared', to='clinic.patient')),
            ],
            options={
                'verbose_name': 'stop let go',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='HomeFacts',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('facts', models.JSONField(default=dict)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='home_facts', to='clinic.patient')),
            ],
            options={
                'verbose_name': 'facts for home',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='ProgrammeRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('began', models.DateField()),
                ('week', models.PositiveSmallIntegerField()),
                ('ordered', models.JSONField(blank=True, default=list)),
                ('facts', models.JSONField(default=dict)),
                ('document', models.TextField()),
                ('sha256', models.CharField(max_length=64)),
                ('ended', models.BooleanField(default=False)),
                ('because', models.CharField(blank=True, max_length=200)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='home_programmes', to='clinic.patient')),
            ],
            options={
                'verbose_name': 'home programme',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='HomeEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.CharField(max_length=64)),
                ('exercise', models.CharField(max_length=40)),
                ('at', models.DateTimeField()),
                ('received', models.DateTimeField()),
                ('document', models.JSONField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('patient', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='home_entries', to='clinic.patient')),
            ],
            options={
                'verbose_name': 'home session',
                'verbose_name_plural': 'home sessions',
                'ordering': ['at', 'id'],
                'indexes': [models.Index(fields=['patient', 'at'], name='home_progra_patient_261066_idx')],
                'constraints': [models.UniqueConstraint(fields=('patient', 'uid'), name='one_home_entry_once')],
            },
        ),
    ]
