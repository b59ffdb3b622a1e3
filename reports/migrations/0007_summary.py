"""Figures kept ready, and the triggers that write down what changed behind them.

The triggers lie on tables of floors below, which know nothing of the reports: so they are written
here and not in a model's options. Each lets everything pass whose day is still to come, for a day
is counted when it has ended; a day's margin covers what is not committed by then.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


_TOUCH = """
CREATE FUNCTION reports_is_counted(limit_at timestamptz) RETURNS boolean LANGUAGE sql AS $$
    SELECT limit_at <= clock_timestamp() + interval '1 day'
$$;

-- A request is written down if any of its days may be counted already. One that was merged with
-- others is, whatever its own days: what becomes of it may count with theirs.
CREATE FUNCTION reports_touch(touched bigint) RETURNS void LANGUAGE sql AS $$
    INSERT INTO reports_touched (request_id)
    SELECT touched
     WHERE EXISTS (SELECT FROM escalation_clock AS clock
                    WHERE clock.kind IN ('request.acceptance', 'request.reply')
                      AND clock.subject_id = touched AND reports_is_counted(clock.limit_at))
        OR EXISTS (SELECT FROM liaison_request AS request
                    WHERE request.id = touched AND request.merged_into_id IS NOT NULL)
        OR EXISTS (SELECT FROM liaison_request AS request WHERE request.merged_into_id = touched)
$$;

CREATE FUNCTION reports_touch_by_clock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO reports_touched (request_id) VALUES (NEW.subject_id);
    IF TG_OP = 'UPDATE' AND OLD.limit_at IS DISTINCT FROM NEW.limit_at THEN
        INSERT INTO reports_touched (day)
        SELECT ((OLD.limit_at - interval '1 microsecond') AT TIME ZONE city.time_zone)::date
          FROM courts_court AS court JOIN courts_jurisdiction AS city
            ON city.id = court.jurisdiction_id
         WHERE court.id = OLD.court_id AND OLD.limit_at IS NOT NULL;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER summary_touched_by_new AFTER INSERT ON escalation_clock FOR EACH ROW
    WHEN (NEW.kind IN ('request.acceptance', 'request.reply')
          AND reports_is_counted(NEW.limit_at))
    EXECUTE FUNCTION reports_touch_by_clock();
CREATE TRIGGER summary_touched AFTER UPDATE OF limit_at, opened_at, assigned_at, court_id,
    department_id, handler_id, calendar_version_id
    ON escalation_clock FOR EACH ROW
    WHEN (NEW.kind IN ('request.acceptance', 'request.reply')
          AND (reports_is_counted(OLD.limit_at) OR reports_is_counted(NEW.limit_at))
          AND (OLD.limit_at, OLD.opened_at, OLD.assigned_at, OLD.court_id, OLD.department_id,
               OLD.handler_id, OLD.calendar_version_id)
              IS DISTINCT FROM
              (NEW.limit_at, NEW.opened_at, NEW.assigned_at, NEW.court_id, NEW.department_id,
               NEW.handler_id, NEW.calendar_version_id))
    EXECUTE FUNCTION reports_touch_by_clock();

CREATE FUNCTION reports_touch_by_clock_event() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM reports_touch(clock.subject_id) FROM escalation_clock AS clock
      WHERE clock.id = NEW.clock_id AND clock.kind IN ('request.acceptance', 'request.reply');
    RETURN NULL;
END $$;
CREATE TRIGGER summary_touched AFTER INSERT ON escalation_clockevent FOR EACH ROW
    WHEN (NEW.kind IN ('moved', 'merged'))
    EXECUTE FUNCTION reports_touch_by_clock_event();

CREATE FUNCTION reports_touch_by_request() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM reports_touch(NEW.id);
    RETURN NULL;
END $$;
CREATE TRIGGER summary_touched AFTER UPDATE OF state, matter, triaged_at, answered_at, ended_at,
    disputed_at, merged_into_id ON liaison_request FOR EACH ROW
    WHEN ((OLD.state, OLD.matter, OLD.triaged_at, OLD.answered_at, OLD.ended_at, OLD.disputed_at,
           OLD.merged_into_id) IS DISTINCT FROM
          (NEW.state, NEW.matter, NEW.triaged_at, NEW.answered_at, NEW.ended_at, NEW.disputed_at,
           NEW.merged_into_id))
    EXECUTE FUNCTION reports_touch_by_request();

CREATE FUNCTION reports_touch_by_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM reports_touch(NEW.request_id);
    RETURN NULL;
END $$;
CREATE TRIGGER summary_touched AFTER INSERT OR UPDATE OF is_lead, request_id
    ON workorders_workorder FOR EACH ROW WHEN (NEW.is_lead)
    EXECUTE FUNCTION reports_touch_by_part();
CREATE TRIGGER summary_touched AFTER INSERT OR UPDATE ON liaison_rating FOR EACH ROW
    EXECUTE FUNCTION reports_touch_by_part();

CREATE FUNCTION reports_touch_by_contact() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM reports_touch(part.request_id) FROM workorders_workorder AS part
      WHERE part.id = NEW.order_id;
    RETURN NULL;
END $$;
CREATE TRIGGER summary_touched AFTER INSERT OR UPDATE ON workorders_contactrecord FOR EACH ROW
    WHEN (NEW.outcome = 'reached')
    EXECUTE FUNCTION reports_touch_by_contact();

CREATE FUNCTION reports_touch_by_firing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO reports_touched (day)
    SELECT DISTINCT (fired.due_at AT TIME ZONE city.time_zone)::date
      FROM fired
      JOIN courts_court AS court ON court.id = fired.court_id
      JOIN courts_jurisdiction AS city ON city.id = court.jurisdiction_id;
    RETURN NULL;
END $$;
CREATE TRIGGER summary_touched AFTER INSERT ON escalation_firing
    REFERENCING NEW TABLE AS fired FOR EACH STATEMENT
    EXECUTE FUNCTION reports_touch_by_firing();

-- Where the local days themselves change, everything is counted anew.
CREATE FUNCTION reports_touch_all() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM reports_summarised;
    RETURN NULL;
END $$;
CREATE TRIGGER summary_touched AFTER UPDATE OF time_zone ON courts_jurisdiction FOR EACH ROW
    WHEN (OLD.time_zone IS DISTINCT FROM NEW.time_zone) EXECUTE FUNCTION reports_touch_all();
CREATE TRIGGER summary_touched AFTER UPDATE OF jurisdiction_id ON courts_court FOR EACH ROW
    WHEN (OLD.jurisdiction_id IS DISTINCT FROM NEW.jurisdiction_id)
    EXECUTE FUNCTION reports_touch_all();
"""
_UNTOUCH = """
DROP TRIGGER summary_touched ON courts_court;
DROP TRIGGER summary_touched ON courts_jurisdiction;
DROP TRIGGER summary_touched ON escalation_firing;
DROP TRIGGER summary_touched ON workorders_contactrecord;
DROP TRIGGER summary_touched ON liaison_rating;
DROP TRIGGER summary_touched ON workorders_workorder;
DROP TRIGGER summary_touched ON liaison_request;
DROP TRIGGER summary_touched ON escalation_clockevent;
DROP TRIGGER summary_touched ON escalation_clock;
DROP TRIGGER summary_touched_by_new ON escalation_clock;
DROP FUNCTION reports_touch_all, reports_touch_by_firing, reports_touch_by_contact,
    reports_touch_by_part, reports_touch_by_request, reports_touch_by_clock_event,
    reports_touch_by_clock, reports_touch, reports_is_counted;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('courts', '0008_files_taken'),
        ('escalation', '0012_indexes_for_figures'),
        ('liaison', '0005_rating'),
        ('reports', '0006_watch_list'),
        ('workorders', '0002_history_without_texts'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Summarised',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('until', models.DateField()),
                ('jurisdiction', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='courts.jurisdiction')),
            ],
        ),
        migrations.CreateModel(
            name='Touched',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('request_id', models.BigIntegerField(null=True)),
                ('day', models.DateField(null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('request_id__isnull', False), ('day__isnull', False), _connector='OR'), name='touched_something')],
            },
        ),
        migrations.CreateModel(
            name='DaySummary',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('acceptance_done', models.IntegerField(default=0)),
                ('acceptance_due', models.IntegerField(default=0)),
                ('acceptance_withdrawn', models.IntegerField(default=0)),
                ('acceptance_merged', models.IntegerField(default=0)),
                ('liaison_done', models.IntegerField(default=0)),
                ('liaison_due', models.IntegerField(default=0)),
                ('liaison_withdrawn', models.IntegerField(default=0)),
                ('liaison_merged', models.IntegerField(default=0)),
                ('completion_done', models.IntegerField(default=0)),
                ('completion_due', models.IntegerField(default=0)),
                ('completion_withdrawn', models.IntegerField(default=0)),
                ('completion_merged', models.IntegerField(default=0)),
                ('satisfied', models.IntegerField(default=0)),
                ('rated', models.IntegerField(default=0)),
                ('court_requests', models.IntegerField(default=0)),
                ('department_requests', models.IntegerField(default=0)),
                ('handler_requests', models.IntegerField(default=0)),
                ('warnings', models.IntegerField(default=0)),
                ('rungs_1', models.IntegerField(default=0)),
                ('rungs_2', models.IntegerField(default=0)),
                ('rungs_3', models.IntegerField(default=0)),
                ('rungs_4', models.IntegerField(default=0)),
                ('day', models.DateField()),
                ('court', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courts.court')),
                ('department', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courts.department')),
                ('handler', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('day', 'court', 'department', 'handler'), name='summary_day_uniq', nulls_distinct=False)],
            },
        ),
        migrations.CreateModel(
            name='MonthSummary',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('acceptance_done', models.IntegerField(default=0)),
                ('acceptance_due', models.IntegerField(default=0)),
                ('acceptance_withdrawn', models.IntegerField(default=0)),
                ('acceptance_merged', models.IntegerField(default=0)),
                ('liaison_done', models.IntegerField(default=0)),
                ('liaison_due', models.IntegerField(default=0)),
                ('liaison_withdrawn', models.IntegerField(default=0)),
                ('liaison_merged', models.IntegerField(default=0)),
                ('completion_done', models.IntegerField(default=0)),
                ('completion_due', models.IntegerField(default=0)),
                ('completion_withdrawn', models.IntegerField(default=0)),
                ('completion_merged', models.IntegerField(default=0)),
                ('satisfied', models.IntegerField(default=0)),
                ('rated', models.IntegerField(default=0)),
                ('court_requests', models.IntegerField(default=0)),
                ('department_requests', models.IntegerField(default=0)),
                ('handler_requests', models.IntegerField(default=0)),
                ('warnings', models.IntegerField(default=0)),
                ('rungs_1', models.IntegerField(default=0)),
                ('rungs_2', models.IntegerField(default=0)),
                ('rungs_3', models.IntegerField(default=0)),
                ('rungs_4', models.IntegerField(default=0)),
                ('month', models.DateField()),
                ('court', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courts.court')),
                ('department', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='courts.department')),
                ('handler', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('month', 'court', 'department', 'handler'), name='summary_month_uniq', nulls_distinct=False)],
            },
        ),
        migrations.RunSQL(_TOUCH, _UNTOUCH),
    ]
