"""Migration operations of the kernel."""

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
