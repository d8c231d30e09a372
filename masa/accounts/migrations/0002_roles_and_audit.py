import django.core.validators
import django.db.models.deletion
import django.utils.timezone
import masa.partnerships.fields
import masa.ui.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('partnerships', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('acting_as', models.CharField(blank=True, max_length=120, validators=[django.core.validators.RegexValidator('^[a-z_,]*\\Z')])),
                ('action', models.CharField(max_length=60, validators=[django.core.validators.RegexValidator('^[A-Za-z0-9_.:-]*\\Z', 'Only letters, figures and . _ : - may stand here.')])),
                ('result', models.CharField(choices=[('done', 'Done'), ('refused', 'Refused'), ('failed', 'Failed')], default='done', max_length=10)),
                ('place', models.CharField(blank=True, max_length=100, validators=[django.core.validators.RegexValidator('^[A-Za-z0-9_.:-]*\\Z', 'Only letters, figures and . _ : - may stand here.')], verbose_name='address, by its name')),
                ('target', models.CharField(blank=True, max_length=100, validators=[django.core.validators.RegexValidator('^[A-Za-z0-9_.:-]*\\Z', 'Only letters, figures and . _ : - may stand here.')], verbose_name='kind and id of what it was done to')),
                ('partnership', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='partnerships.partnership')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'line of the audit log',
                'verbose_name_plural': 'audit log',
                'ordering': ['-at', '-pk'],
                'indexes': [models.Index(fields=['partnership', 'at'], name='audit_by_partnership')],
            },
        ),
        migrations.CreateModel(
            name='RoleGrant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('editor', 'Editor'), ('publisher', 'Publisher'), ('scrutineer', 'Independent scrutineer'), ('contributor', 'Agency contributor'), ('reviews_officer', 'Reviews officer'), ('auditor', 'Auditor'), ('administrator', 'Partnership administrator'), ('installation_administrator', 'Installation administrator')], max_length=30)),
                ('starts_on', models.DateField(default=django.utils.timezone.localdate, validators=[masa.partnerships.fields.check_year], verbose_name='from')),
                ('ends_on', models.DateField(blank=True, help_text='The last day. Leave empty while it goes on.', null=True, validators=[masa.partnerships.fields.check_year], verbose_name='to')),
                ('reason', models.CharField(max_length=200, validators=[masa.ui.text.validate_line], verbose_name='reason')),
                ('granted_by', models.ForeignKey(blank=True, editable=False, help_text='Empty when the installation itself gave it, such as to its first administrator.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('partnership', models.ForeignKey(blank=True, help_text='Empty for an installation administrator alone.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='role_grants', to='partnerships.partnership')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='role_grants', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'ordering': ['partnership', 'role', 'starts_on', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('starts_on__isnull', True), ('ends_on__isnull', True), ('ends_on__gte', models.F('starts_on')), _connector='OR'), name='role_grant_ends_after_start', violation_error_message='The end date is before the start date.'), models.CheckConstraint(condition=models.Q(('granted_by__isnull', True), models.Q(('granted_by', models.F('user')), _negated=True), _connector='OR'), name='role_not_granted_to_oneself', violation_error_message='Nobody gives a role to themselves. Ask another administrator.'), models.CheckConstraint(condition=models.Q(models.Q(('partnership__isnull', True), ('role', 'installation_administrator')), models.Q(('partnership__isnull', False), models.Q(('role', 'installation_administrator'), _negated=True)), _connector='OR'), name='role_in_a_partnership_or_the_installation', violation_error_message='Choose the partnership, or, for an installation administrator, leave it empty.'), models.CheckConstraint(condition=models.Q(('role__in', ['editor', 'publisher', 'scrutineer', 'contributor', 'reviews_officer', 'auditor', 'administrator', 'installation_administrator'])), name='role_is_one_that_is_granted', violation_error_message='Choose a role from the list. Lead and delegated partners follow from their posts.')],
            },
        ),
    ]
