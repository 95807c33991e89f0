"""The database's own guard of the event a study counts: its rule looks up, from the study to its subjects."""

from django.db import migrations

GUARD = """
CREATE OR REPLACE FUNCTION enrolment_event_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.enrolment_event IS DISTINCT FROM OLD.enrolment_event AND EXISTS (
        SELECT 1 FROM public.subjects_subject WHERE study_id = NEW.id AND enrolled_on IS NOT NULL) THEN
        RAISE EXCEPTION 'Subjects are counted by this event already; it no longer changes.'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER enrolment_event_stands BEFORE UPDATE OF enrolment_event ON studies_study
    FOR EACH ROW EXECUTE FUNCTION enrolment_event_stands();
"""


class Migration(migrations.Migration):
    dependencies = [("subjects", "0001_initial")]

    operations = [
        migrations.RunSQL(
            GUARD,
            "DROP TRIGGER enrolment_event_stands ON studies_study; DROP FUNCTION enrolment_event_stands();",
        )
    ]
