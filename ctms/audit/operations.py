"""Migration operations of the kernel."""

from django.db.migrations.operations.base import Operation
from pgtrigger.migrations import AddTrigger


class InstallTrigger(AddTrigger):
    """
    Install a trigger without rendering every model anew.

    A trigger is no part of a rendered model, but pgtrigger's own operation reloads the model after each one, and
    with it whatever is related to it: with three hundred triggers that was nine tenths of a first start.
    """

    def state_forwards(self, app_label, state):
        options = state.models[app_label, self.model_name].options
        options["triggers"] = [*options.get("triggers", []), self.trigger]

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(self.trigger.install_sql, params=None)


class ReplaceTrigger(InstallTrigger):
    """Install a trigger anew, because what it does was declared otherwise."""

    def state_forwards(self, app_label, state):
        options = state.models[app_label, self.model_name].options
        kept = [one for one in options.get("triggers", []) if one.name != self.trigger.name]
        options["triggers"] = [*kept, self.trigger]


class CreateTables(Operation):
    """
    Make the tables of an app with one rendering of all models.

    Django renders whatever is related to a model anew after each CreateModel, and here everything is related to
    the study: with a hundred and seventy models that was four fifths of a first start.
    """

    def __init__(self, models):
        """
        :param models: the CreateModel operations, in an order in which each finds those it points to
        """
        self.models = models

    def state_forwards(self, app_label, state):
        state.__dict__.pop("apps", None)  # rendered again, once, when the first table is made
        for each in self.models:
            each.state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for each in self.models:
            each.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        for each in reversed(self.models):
            each.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self):
        return f"Create {len(self.models)} tables"
