"""Clocks that run already learn which of their steps have fired, and whether minutes count."""

from django.db import migrations

_BITS = """
UPDATE escalation_clock AS clock
   SET fired = seen.bits
  FROM (
       SELECT firing.clock_id, bit_or(1::bigint << place.bit) AS bits
         FROM escalation_firing AS firing
         JOIN escalation_clock AS clock ON clock.id = firing.clock_id
         JOIN unnest(%(policies)s::bigint[], %(kinds)s::text[], %(steps)s::text[],
                     %(occurrences)s::int[], %(bits)s::int[])
              AS place(policy_id, kind, step, occurrence, bit)
           ON place.policy_id = clock.policy_id AND place.kind = clock.kind
          AND place.step = firing.step AND place.occurrence = firing.occurrence
        GROUP BY firing.clock_id
       ) AS seen
 WHERE clock.id = seen.clock_id
"""


def count_fired(apps, schema_editor):
    """Set a bit for each firing, at the place of its step in the clock's own policy."""
    clocks = apps.get_model("escalation", "Clock").objects
    places = []
    for policy in apps.get_model("escalation", "PolicyVersion").objects.all():
        for kind, timed in policy.document["clocks"].items():
            units = {step.get("unit", "business_days") for step in timed.get("steps", [])}
            if units - {"business_days"}:
                clocks.filter(policy=policy, kind=kind).update(counts_minutes=True)
            bit = 0
            for step in timed.get("steps", []):
                times = step.get("at_most", {"value": 1})["value"]
                for occurrence in range(1, times + 1):
                    places.append((policy.pk, kind, step["key"], occurrence, bit))
                    bit += 1
    if places:
        names = ("policies", "kinds", "steps", "occurrences", "bits")
        values = dict(zip(names, map(list, zip(*places, strict=True)), strict=True))
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(_BITS, values)


class Migration(migrations.Migration):
    dependencies = [("escalation", "0004_lean_indexes")]

    operations = [migrations.RunPython(count_fired, migrations.RunPython.noop)]
