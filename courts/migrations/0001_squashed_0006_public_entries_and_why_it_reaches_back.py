"""All that the migrations of courts came to, in one step for a new database."""

import courts.fields
import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [('courts', '0001_initial'), ('courts', '0002_what_a_command_said'), ('courts', '0003_kept_public_schedules'), ('courts', '0004_judges_have_departments'), ('courts', '0005_copies_without_checks'), ('courts', '0006_public_entries_and_why_it_reaches_back')]

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('pghistory', '0007_auto_20250421_0444'),
    ]

    operations = [
        BtreeGistExtension(),
        migrations.CreateModel(
            name='AppliedCommand',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('verb', models.CharField(max_length=40)),
                ('subject_id', models.BigIntegerField(null=True)),
                ('applied_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('digest', models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='Person',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('username', models.CharField(max_length=60, unique=True, verbose_name='user name')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('name_en', models.CharField(blank=True, default='', max_length=80, verbose_name='English name')),
                ('email', models.EmailField(blank=True, default='', max_length=254, verbose_name='e-mail')),
                ('office_phone', models.CharField(blank=True, default='', max_length=30, verbose_name='office telephone')),
                ('mobile', courts.fields.EncryptedTextField(blank=True, default='', verbose_name='mobile number')),
                ('language', models.CharField(choices=[('zh-hans', 'Simplified Chinese'), ('en', 'English')], default='zh-hans', max_length=10, verbose_name='language')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('is_staff', models.BooleanField(default=False, verbose_name='may enter the administration')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'person',
                'verbose_name_plural': 'people',
                'ordering': ['username'],
            },
        ),
        migrations.CreateModel(
            name='AccessRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('action', models.CharField(choices=[('reveal_contact', 'showed a telephone or identity number'), ('leader_look', 'read as a leader')], max_length=24, verbose_name='what')),
                ('subject_kind', models.CharField(max_length=32, verbose_name='kind')),
                ('subject_id', models.BigIntegerField(verbose_name='id')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='when')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who')),
            ],
            options={
                'verbose_name': 'access record',
                'verbose_name_plural': 'access records',
                'ordering': ['-at', '-id'],
                'indexes': [models.Index(fields=['subject_kind', 'subject_id'], name='access_subject_idx')],
            },
        ),
        migrations.CreateModel(
            name='PersonEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('username', models.CharField(max_length=60, verbose_name='user name')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('name_en', models.CharField(blank=True, default='', max_length=80, verbose_name='English name')),
                ('email', models.EmailField(blank=True, default='', max_length=254, verbose_name='e-mail')),
                ('office_phone', models.CharField(blank=True, default='', max_length=30, verbose_name='office telephone')),
                ('mobile', courts.fields.EncryptedTextField(blank=True, default='', verbose_name='mobile number')),
                ('language', models.CharField(choices=[('zh-hans', 'Simplified Chinese'), ('en', 'English')], default='zh-hans', max_length=10, verbose_name='language')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('is_staff', models.BooleanField(default=False, verbose_name='may enter the administration')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='PublicSchedule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64, unique=True, verbose_name='digest')),
                ('days', models.JSONField(verbose_name='special days')),
                ('provisional_years', models.JSONField(verbose_name='provisional years')),
                ('taken_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='taken at')),
            ],
            options={
                'verbose_name': 'public schedule',
                'verbose_name_plural': 'public schedules',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='CalendarVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.CharField(max_length=300, verbose_name='reason')),
                ('entered_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='entered at')),
                ('entered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by')),
                ('schedule', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courts.publicschedule', verbose_name='public schedule')),
                ('reaching_back', models.CharField(blank=True, default='', max_length=300, verbose_name='why it reaches back')),
            ],
            options={
                'verbose_name': 'calendar version',
                'verbose_name_plural': 'calendar versions',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='OfficialYear',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('year', models.PositiveSmallIntegerField(unique=True, verbose_name='year')),
                ('source', models.CharField(max_length=200, verbose_name='source')),
                ('version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courts.calendarversion', verbose_name='version')),
            ],
            options={
                'verbose_name': 'official year',
                'verbose_name_plural': 'official years',
                'ordering': ['year'],
            },
        ),
        migrations.CreateModel(
            name='Jurisdiction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('name_en', models.CharField(blank=True, default='', max_length=160, verbose_name='English name')),
                ('code', models.SlugField(max_length=40, unique=True, verbose_name='code')),
                ('number_prefix', models.CharField(help_text='Capital letters.', max_length=6, unique=True, verbose_name='prefix of request numbers')),
                ('policy', models.SlugField(max_length=40, verbose_name='policy')),
                ('time_zone', models.CharField(default='Asia/Shanghai', max_length=40, verbose_name='time zone')),
                ('is_demonstration', models.BooleanField(default=False, verbose_name='demonstration data')),
            ],
            options={
                'verbose_name': 'jurisdiction',
                'verbose_name_plural': 'jurisdictions',
            },
        ),
        migrations.CreateModel(
            name='ApiClient',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('name', models.CharField(max_length=80, unique=True, verbose_name='name')),
                ('channel', models.CharField(max_length=24, verbose_name='channel')),
                ('scopes', models.JSONField(default=list, verbose_name='scopes')),
                ('key_digest', models.CharField(editable=False, max_length=64, unique=True)),
                ('key_hint', models.CharField(editable=False, max_length=8, verbose_name='key begins with')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('last_used_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='last used')),
                ('jurisdiction', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courts.jurisdiction', verbose_name='jurisdiction')),
            ],
            options={
                'verbose_name': 'API client',
                'verbose_name_plural': 'API clients',
            },
        ),
        migrations.CreateModel(
            name='Court',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('name_en', models.CharField(blank=True, default='', max_length=160, verbose_name='English name')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('code', models.CharField(max_length=12, verbose_name='court code')),
                ('level', models.CharField(choices=[('supreme', 'supreme'), ('high', 'high'), ('intermediate', 'intermediate'), ('primary', 'primary')], max_length=12, verbose_name='level')),
                ('kind', models.CharField(choices=[('ordinary', 'ordinary'), ('railway', 'railway transport'), ('maritime', 'maritime'), ('intellectual_property', 'intellectual property'), ('financial', 'financial'), ('internet', 'internet')], default='ordinary', max_length=24, verbose_name='kind')),
                ('status', models.CharField(choices=[('current', 'current'), ('historical', 'historical')], default='current', max_length=12, verbose_name='status')),
                ('is_ranked', models.BooleanField(default=False, verbose_name='ranked')),
                ('code_confidence', models.CharField(blank=True, default='', max_length=40, verbose_name='how sure the code is')),
                ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='courts.court', verbose_name='superior court')),
                ('jurisdiction', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='courts', to='courts.jurisdiction', verbose_name='jurisdiction')),
            ],
            options={
                'verbose_name': 'court',
                'verbose_name_plural': 'courts',
                'ordering': ['code'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('status', 'current')), fields=('code',), name='court_code_current_uniq'), models.UniqueConstraint(fields=('name',), name='court_name_uniq'), models.CheckConstraint(condition=models.Q(('is_ranked', False), ('jurisdiction__isnull', False), _connector='OR'), name='court_ranked_in_jurisdiction')],
            },
        ),
        migrations.CreateModel(
            name='CalendarEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('date', models.DateField(verbose_name='date')),
                ('is_business_day', models.BooleanField(verbose_name='business day')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('added_in', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='added', to='courts.calendarversion', verbose_name='added in')),
                ('removed_in', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='removed', to='courts.calendarversion', verbose_name='removed in')),
                ('court', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courts.court', verbose_name='court')),
                ('jurisdiction', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courts.jurisdiction', verbose_name='jurisdiction')),
                ('is_public', models.BooleanField(default=False, verbose_name='of the public schedule')),
            ],
            options={
                'verbose_name': 'calendar entry',
                'verbose_name_plural': 'calendar entries',
                'ordering': ['date'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('removed_in__isnull', True)), fields=('date', 'jurisdiction', 'court'), name='calendar_entry_uniq', nulls_distinct=False), models.CheckConstraint(condition=models.Q(('is_public', False), ('court__isnull', True), _connector='OR'), name='calendar_entry_public_of_no_court')],
            },
        ),
        migrations.CreateModel(
            name='Department',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('name_en', models.CharField(blank=True, default='', max_length=160, verbose_name='English name')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('trial', 'trial division'), ('enforcement', 'Enforcement Bureau'), ('litigation_service', 'Litigation Service Office'), ('filing_chamber', 'Case Filing Chamber'), ('trial_management', 'Trial Management Office'), ('discipline', 'Discipline Inspection and Supervision Office'), ('inspection', 'Inspection Office'), ('technology', 'Technology and Information Division'), ('office', 'other office')], max_length=24, verbose_name='kind')),
                ('is_open', models.BooleanField(default=True, verbose_name='takes work orders')),
                ('court', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='departments', to='courts.court', verbose_name='court')),
            ],
            options={
                'verbose_name': 'department',
                'verbose_name_plural': 'departments',
                'ordering': ['court__code', 'id'],
                'constraints': [models.UniqueConstraint(fields=('court', 'name'), name='department_name_uniq'), models.UniqueConstraint(condition=models.Q(('kind', 'litigation_service')), fields=('court',), name='department_one_service_uniq')],
            },
        ),
        migrations.CreateModel(
            name='DepartmentEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('name_en', models.CharField(blank=True, default='', max_length=160, verbose_name='English name')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('kind', models.CharField(choices=[('trial', 'trial division'), ('enforcement', 'Enforcement Bureau'), ('litigation_service', 'Litigation Service Office'), ('filing_chamber', 'Case Filing Chamber'), ('trial_management', 'Trial Management Office'), ('discipline', 'Discipline Inspection and Supervision Office'), ('inspection', 'Inspection Office'), ('technology', 'Technology and Information Division'), ('office', 'other office')], max_length=24, verbose_name='kind')),
                ('is_open', models.BooleanField(default=True, verbose_name='takes work orders')),
                ('court', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='courts.court', verbose_name='court')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='courts.department')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='IdempotencyRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=120)),
                ('request_digest', models.CharField(max_length=64)),
                ('status', models.PositiveSmallIntegerField()),
                ('body', models.JSONField()),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courts.apiclient')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('client', 'key'), name='idempotency_key_uniq')],
            },
        ),
        migrations.CreateModel(
            name='CourtEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('name_en', models.CharField(blank=True, default='', max_length=160, verbose_name='English name')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('code', models.CharField(max_length=12, verbose_name='court code')),
                ('level', models.CharField(choices=[('supreme', 'supreme'), ('high', 'high'), ('intermediate', 'intermediate'), ('primary', 'primary')], max_length=12, verbose_name='level')),
                ('kind', models.CharField(choices=[('ordinary', 'ordinary'), ('railway', 'railway transport'), ('maritime', 'maritime'), ('intellectual_property', 'intellectual property'), ('financial', 'financial'), ('internet', 'internet')], default='ordinary', max_length=24, verbose_name='kind')),
                ('status', models.CharField(choices=[('current', 'current'), ('historical', 'historical')], default='current', max_length=12, verbose_name='status')),
                ('is_ranked', models.BooleanField(default=False, verbose_name='ranked')),
                ('code_confidence', models.CharField(blank=True, default='', max_length=40, verbose_name='how sure the code is')),
                ('parent', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='courts.court', verbose_name='superior court')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='courts.court')),
                ('jurisdiction', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='courts.jurisdiction', verbose_name='jurisdiction')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='CalendarEntryEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('date', models.DateField(verbose_name='date')),
                ('is_business_day', models.BooleanField(verbose_name='business day')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='courts.calendarentry')),
                ('added_in', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='courts.calendarversion', verbose_name='added in')),
                ('removed_in', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='courts.calendarversion', verbose_name='removed in')),
                ('court', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='courts.court', verbose_name='court')),
                ('jurisdiction', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='courts.jurisdiction', verbose_name='jurisdiction')),
                ('is_public', models.BooleanField(default=False, verbose_name='of the public schedule')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ApiClientEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('channel', models.CharField(max_length=24, verbose_name='channel')),
                ('scopes', models.JSONField(default=list, verbose_name='scopes')),
                ('key_digest', models.CharField(editable=False, max_length=64)),
                ('key_hint', models.CharField(editable=False, max_length=8, verbose_name='key begins with')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='courts.apiclient')),
                ('jurisdiction', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='courts.jurisdiction', verbose_name='jurisdiction')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='JurisdictionEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('name_en', models.CharField(blank=True, default='', max_length=160, verbose_name='English name')),
                ('code', models.SlugField(db_index=False, max_length=40, verbose_name='code')),
                ('number_prefix', models.CharField(help_text='Capital letters.', max_length=6, verbose_name='prefix of request numbers')),
                ('policy', models.SlugField(db_index=False, max_length=40, verbose_name='policy')),
                ('time_zone', models.CharField(default='Asia/Shanghai', max_length=40, verbose_name='time zone')),
                ('is_demonstration', models.BooleanField(default=False, verbose_name='demonstration data')),
                ('leading_court', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='courts.court', verbose_name='leading court')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='courts.jurisdiction')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='NumberSeries',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('last', models.PositiveIntegerField(default=0)),
                ('jurisdiction', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courts.jurisdiction')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('jurisdiction', 'day'), name='number_series_uniq')],
            },
        ),
        migrations.CreateModel(
            name='Post',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('kind', models.CharField(choices=[('judge', 'judge'), ('judge_assistant', "judge's assistant"), ('service_staff', 'litigation-service staff'), ('hotline_agent', 'hotline agent'), ('liaison_officer', 'liaison officer'), ('department_leader', 'department leader'), ('deputy_president', 'deputy president'), ('president', 'president'), ('filing_chamber', 'Case Filing Chamber'), ('trial_management', 'Trial Management Office'), ('discipline', 'discipline inspection'), ('technology', 'Technology and Information Division')], max_length=24, verbose_name='kind')),
                ('title', models.CharField(blank=True, default='', max_length=60, verbose_name='title')),
                ('title_en', models.CharField(blank=True, default='', max_length=80, verbose_name='English title')),
                ('is_open', models.BooleanField(default=True, verbose_name='exists')),
                ('court', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='courts.court', verbose_name='court')),
                ('department', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='courts.department', verbose_name='department')),
                ('departments_in_charge', models.ManyToManyField(blank=True, help_text='For a deputy president: the departments that answer to this post.', related_name='posts_in_charge', to='courts.department', verbose_name='departments in charge')),
            ],
            options={
                'verbose_name': 'post',
                'verbose_name_plural': 'posts',
                'ordering': ['court__code', 'kind', 'id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_open', True), ('kind', 'president')), fields=('court',), name='post_one_president_uniq'), models.UniqueConstraint(condition=models.Q(('is_open', True), ('kind', 'department_leader')), fields=('department',), name='post_one_leader_uniq'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'department_leader'), _negated=True), ('department__isnull', False), _connector='OR'), name='post_leader_has_department'), models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['judge', 'judge_assistant']), _negated=True), ('department__isnull', False), _connector='OR'), name='post_judge_has_department', violation_error_message='A judge and a judge’s assistant are of a department.')],
            },
        ),
        migrations.CreateModel(
            name='PostEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('kind', models.CharField(choices=[('judge', 'judge'), ('judge_assistant', "judge's assistant"), ('service_staff', 'litigation-service staff'), ('hotline_agent', 'hotline agent'), ('liaison_officer', 'liaison officer'), ('department_leader', 'department leader'), ('deputy_president', 'deputy president'), ('president', 'president'), ('filing_chamber', 'Case Filing Chamber'), ('trial_management', 'Trial Management Office'), ('discipline', 'discipline inspection'), ('technology', 'Technology and Information Division')], max_length=24, verbose_name='kind')),
                ('title', models.CharField(blank=True, default='', max_length=60, verbose_name='title')),
                ('title_en', models.CharField(blank=True, default='', max_length=80, verbose_name='English title')),
                ('is_open', models.BooleanField(default=True, verbose_name='exists')),
                ('court', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='courts.court', verbose_name='court')),
                ('department', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='courts.department', verbose_name='department')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='courts.post')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Tenure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_acting', models.BooleanField(default=False, verbose_name='acting')),
                ('from_at', models.DateTimeField(verbose_name='from')),
                ('until_at', models.DateTimeField(blank=True, null=True, verbose_name='until')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tenures', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('post', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tenures', to='courts.post', verbose_name='post')),
            ],
            options={
                'verbose_name': 'tenure',
                'verbose_name_plural': 'tenures',
                'ordering': ['post_id', '-from_at'],
                'constraints': [models.CheckConstraint(condition=models.Q(('until_at__isnull', True), ('until_at__gt', models.F('from_at')), _connector='OR'), name='tenure_ends_after_start'), django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('post', '='), ('is_acting', '='), (models.Func('from_at', 'until_at', django.contrib.postgres.fields.ranges.RangeBoundary(), function='TSTZRANGE', output_field=django.contrib.postgres.fields.ranges.DateTimeRangeField()), '&&')], name='tenure_one_holder_excl')],
            },
        ),
        migrations.CreateModel(
            name='TenureEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('is_acting', models.BooleanField(default=False, verbose_name='acting')),
                ('from_at', models.DateTimeField(verbose_name='from')),
                ('until_at', models.DateTimeField(blank=True, null=True, verbose_name='until')),
                ('person', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='courts.tenure')),
                ('post', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='courts.post', verbose_name='post')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AddField(
            model_name='jurisdiction',
            name='leading_court',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courts.court', verbose_name='leading court'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='person',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "courts_personevent" ("created_at", "email", "id", "is_active", "is_staff", "is_superuser", "language", "mobile", "name", "name_en", "office_phone", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "username") VALUES (NEW."created_at", NEW."email", NEW."id", NEW."is_active", NEW."is_staff", NEW."is_superuser", NEW."language", NEW."mobile", NEW."name", NEW."name_en", NEW."office_phone", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."public_id", NEW."username"); RETURN NULL;', hash='0c8ba4a0d4797b4be82e0f95633237d089ef4b4a', operation='INSERT', pgid='pgtrigger_insert_insert_2da1f', table='courts_person', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='person',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."is_staff" IS DISTINCT FROM (NEW."is_staff") OR OLD."is_superuser" IS DISTINCT FROM (NEW."is_superuser") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."mobile" IS DISTINCT FROM (NEW."mobile") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."name_en" IS DISTINCT FROM (NEW."name_en") OR OLD."office_phone" IS DISTINCT FROM (NEW."office_phone") OR OLD."public_id" IS DISTINCT FROM (NEW."public_id") OR OLD."username" IS DISTINCT FROM (NEW."username"))', func='INSERT INTO "courts_personevent" ("created_at", "email", "id", "is_active", "is_staff", "is_superuser", "language", "mobile", "name", "name_en", "office_phone", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "username") VALUES (NEW."created_at", NEW."email", NEW."id", NEW."is_active", NEW."is_staff", NEW."is_superuser", NEW."language", NEW."mobile", NEW."name", NEW."name_en", NEW."office_phone", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."public_id", NEW."username"); RETURN NULL;', hash='0199b7169391838a937498087ab08a72cd946ddf', operation='UPDATE', pgid='pgtrigger_update_update_18139', table='courts_person', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='person',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='223e0bbda4711a627ef7281cb82d7ea693ecc301', operation='DELETE', pgid='pgtrigger_never_deleted_8aae0', table='courts_person', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='calendarversion',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='9b86f1568c8f62184ecdbb2275e6892b0e459aff', operation='DELETE', pgid='pgtrigger_never_deleted_43470', table='courts_calendarversion', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='jurisdiction',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "courts_jurisdictionevent" ("code", "id", "is_demonstration", "leading_court_id", "name", "name_en", "number_prefix", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy", "time_zone") VALUES (NEW."code", NEW."id", NEW."is_demonstration", NEW."leading_court_id", NEW."name", NEW."name_en", NEW."number_prefix", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."policy", NEW."time_zone"); RETURN NULL;', hash='3d011fdda10abcba166896219f9cf0a1b6942561', operation='INSERT', pgid='pgtrigger_insert_insert_380b4', table='courts_jurisdiction', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='jurisdiction',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "courts_jurisdictionevent" ("code", "id", "is_demonstration", "leading_court_id", "name", "name_en", "number_prefix", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "policy", "time_zone") VALUES (NEW."code", NEW."id", NEW."is_demonstration", NEW."leading_court_id", NEW."name", NEW."name_en", NEW."number_prefix", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."policy", NEW."time_zone"); RETURN NULL;', hash='47a6d020213cf4c4203da0e5e327485bf2e9ffac', operation='UPDATE', pgid='pgtrigger_update_update_02cd7', table='courts_jurisdiction', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='apiclient',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "courts_apiclientevent" ("channel", "created_at", "id", "is_active", "jurisdiction_id", "key_digest", "key_hint", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "scopes") VALUES (NEW."channel", NEW."created_at", NEW."id", NEW."is_active", NEW."jurisdiction_id", NEW."key_digest", NEW."key_hint", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."public_id", NEW."scopes"); RETURN NULL;', hash='2c2f0ed6c5c5a5bae0d8733c1b08cf9cddd82b97', operation='INSERT', pgid='pgtrigger_insert_insert_00cd0', table='courts_apiclient', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='apiclient',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."channel" IS DISTINCT FROM (NEW."channel") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."jurisdiction_id" IS DISTINCT FROM (NEW."jurisdiction_id") OR OLD."key_digest" IS DISTINCT FROM (NEW."key_digest") OR OLD."key_hint" IS DISTINCT FROM (NEW."key_hint") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."public_id" IS DISTINCT FROM (NEW."public_id") OR OLD."scopes" IS DISTINCT FROM (NEW."scopes"))', func='INSERT INTO "courts_apiclientevent" ("channel", "created_at", "id", "is_active", "jurisdiction_id", "key_digest", "key_hint", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "scopes") VALUES (NEW."channel", NEW."created_at", NEW."id", NEW."is_active", NEW."jurisdiction_id", NEW."key_digest", NEW."key_hint", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."public_id", NEW."scopes"); RETURN NULL;', hash='a28d8168fa329c09f498db2f8b2d4ddf9179a0b0', operation='UPDATE', pgid='pgtrigger_update_update_d7c70', table='courts_apiclient', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='court',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "courts_courtevent" ("code", "code_confidence", "id", "is_ranked", "jurisdiction_id", "kind", "level", "name", "name_en", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "status") VALUES (NEW."code", NEW."code_confidence", NEW."id", NEW."is_ranked", NEW."jurisdiction_id", NEW."kind", NEW."level", NEW."name", NEW."name_en", NEW."parent_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."public_id", NEW."status"); RETURN NULL;', hash='5951b8d290ac8198f69cc40cdae29c7f89a86133', operation='INSERT', pgid='pgtrigger_insert_insert_468bf', table='courts_court', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='court',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "courts_courtevent" ("code", "code_confidence", "id", "is_ranked", "jurisdiction_id", "kind", "level", "name", "name_en", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "status") VALUES (NEW."code", NEW."code_confidence", NEW."id", NEW."is_ranked", NEW."jurisdiction_id", NEW."kind", NEW."level", NEW."name", NEW."name_en", NEW."parent_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."public_id", NEW."status"); RETURN NULL;', hash='28c09741e548f299b7b986a1dc93a53cd69350d8', operation='UPDATE', pgid='pgtrigger_update_update_60cd5', table='courts_court', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='court',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='fa99bca1c52aa27ceb01c19986f7f65ae20d63f0', operation='DELETE', pgid='pgtrigger_never_deleted_232d5', table='courts_court', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='calendarentry',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "courts_calendarentryevent" ("added_in_id", "court_id", "date", "id", "is_business_day", "is_public", "jurisdiction_id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_in_id") VALUES (NEW."added_in_id", NEW."court_id", NEW."date", NEW."id", NEW."is_business_day", NEW."is_public", NEW."jurisdiction_id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."removed_in_id"); RETURN NULL;', hash='46555ce44390cc80431a76d056061155cb181048', operation='INSERT', pgid='pgtrigger_insert_insert_359f0', table='courts_calendarentry', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='calendarentry',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "courts_calendarentryevent" ("added_in_id", "court_id", "date", "id", "is_business_day", "is_public", "jurisdiction_id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "removed_in_id") VALUES (NEW."added_in_id", NEW."court_id", NEW."date", NEW."id", NEW."is_business_day", NEW."is_public", NEW."jurisdiction_id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."removed_in_id"); RETURN NULL;', hash='eb36f822fa15914ba306fc165dd8ea41208e8de1', operation='UPDATE', pgid='pgtrigger_update_update_1cacb', table='courts_calendarentry', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='department',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "courts_departmentevent" ("court_id", "id", "is_open", "kind", "name", "name_en", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id") VALUES (NEW."court_id", NEW."id", NEW."is_open", NEW."kind", NEW."name", NEW."name_en", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."public_id"); RETURN NULL;', hash='0e82709704a740271b685fbcaee14397e0f01cc4', operation='INSERT', pgid='pgtrigger_insert_insert_e0690', table='courts_department', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='department',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "courts_departmentevent" ("court_id", "id", "is_open", "kind", "name", "name_en", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id") VALUES (NEW."court_id", NEW."id", NEW."is_open", NEW."kind", NEW."name", NEW."name_en", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."public_id"); RETURN NULL;', hash='8920a4b468102aae41c9810d32564edbfde0dcc5', operation='UPDATE', pgid='pgtrigger_update_update_a63d9', table='courts_department', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='department',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='a368d474d9b38f935b53c171b4b1f91832dd44ac', operation='DELETE', pgid='pgtrigger_never_deleted_fec7f', table='courts_department', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='post',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "courts_postevent" ("court_id", "department_id", "id", "is_open", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "title", "title_en") VALUES (NEW."court_id", NEW."department_id", NEW."id", NEW."is_open", NEW."kind", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."public_id", NEW."title", NEW."title_en"); RETURN NULL;', hash='48bf0949c8c465cc54be1902dcd57f2a013761a7', operation='INSERT', pgid='pgtrigger_insert_insert_f39d7', table='courts_post', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='post',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "courts_postevent" ("court_id", "department_id", "id", "is_open", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "public_id", "title", "title_en") VALUES (NEW."court_id", NEW."department_id", NEW."id", NEW."is_open", NEW."kind", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."public_id", NEW."title", NEW."title_en"); RETURN NULL;', hash='f48a0c87f974f580decb857c322092afd61526fd', operation='UPDATE', pgid='pgtrigger_update_update_dd6e6', table='courts_post', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tenure',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "courts_tenureevent" ("from_at", "id", "is_acting", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "post_id", "until_at") VALUES (NEW."from_at", NEW."id", NEW."is_acting", NEW."person_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."post_id", NEW."until_at"); RETURN NULL;', hash='af7f9998653a18427201d19f8c144da0591bca93', operation='INSERT', pgid='pgtrigger_insert_insert_e3804', table='courts_tenure', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tenure',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "courts_tenureevent" ("from_at", "id", "is_acting", "person_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "post_id", "until_at") VALUES (NEW."from_at", NEW."id", NEW."is_acting", NEW."person_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."post_id", NEW."until_at"); RETURN NULL;', hash='24ed32eb667291a4710cee68883d91e06b16bc0c', operation='UPDATE', pgid='pgtrigger_update_update_f2dc3', table='courts_tenure', when='AFTER')),
        ),
    ]
