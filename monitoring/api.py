"""The API of monitoring beyond what is declared: a comment without words is none."""

from django.http import Http404

from ctms.api.records import RecordViewSet


class CommentsThatSaySomething(RecordViewSet):
    """Mixin of the comments' endpoint: one whose words were taken back is not shown; its writer may write it anew."""

    def get_object(self):
        comment = super().get_object()
        if self.action != "partial_update" and not comment.says_something:
            raise Http404
        return comment
