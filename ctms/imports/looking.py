"""A file is looked at first and applied afterwards: the very bytes that were looked at, or nothing."""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .kept import NotKept, keep, kept


@dataclass(frozen=True)
class Brought:
    """What a person chose: the bytes, the name they came under, and what else was chosen with them."""

    data: bytes
    name: str
    choice: str = ""


class FileImport:
    """
    One kind of file in its two steps. The subclass says what is asked, what is done and how either is shown.

    :cvar refusal: the exception a file is refused with; made of a sentence alone where the refusal is ours
    :cvar refusals: everything `bring` may refuse a file with
    """

    refusal: ClassVar[Any]
    refusals: ClassVar[tuple[type[Exception], ...]]
    no_longer_held: ClassVar[Any] = gettext_lazy(
        "The preview is no longer held: it is kept for an hour. Choose the file again."
    )

    def __init__(self, request):
        self.request, self.user = request, request.user

    # --- what the subclass says -----------------------------------------------------------------------------

    def purpose(self):
        """Return what the file is for: a ticket is good for nothing else."""
        raise NotImplementedError

    def form(self, *bound):
        """Return the form that asks for the file."""
        raise NotImplementedError

    def brought(self, form):
        """Return the Brought of a valid form."""
        upload = form.cleaned_data["file"]
        return Brought(upload.read(), upload.name)

    def bring(self, brought, *, dry_run):
        """Import, or rehearse it; returns the report, raises one of `refusals`."""
        raise NotImplementedError

    def has_errors(self, report):
        """True if the report says that nothing was written."""
        return bool(report.errors)

    def ask(self, form, *, refused=None, status=200):
        """Answer with the page that asks for the file."""
        raise NotImplementedError

    def show(self, held, report, *, status=200):
        """Answer with what the file would do, or why it was not imported."""
        raise NotImplementedError

    def told(self, held, report):
        """Return the sentence on the next page."""
        raise NotImplementedError

    def next_page(self, held, report):
        """Return the address to go on at."""
        raise NotImplementedError

    # --- the two steps --------------------------------------------------------------------------------------

    def look(self):
        """Ask for the file and show what it would do; nothing is written."""
        if self.request.method != "POST":
            return self.ask(self.form())
        form = self.form(self.request.POST, self.request.FILES)
        if not form.is_valid():
            return self.ask(form, status=422)
        try:
            brought = self.brought(form)
            report = self.bring(brought, dry_run=True)
            held = keep(
                user=self.user,
                data=brought.data,
                name=brought.name,
                purpose=self.purpose(),
                choice=brought.choice,
            )
        except self.refusals as refused:
            return self._refused(form, refused)
        except NotKept as away:
            return self.ask(form, refused=self.refusal(str(away)), status=503)
        return self.show(held, report, status=422 if self.has_errors(report) else 200)

    def apply(self):
        """Import the very file that was looked at, all of it or nothing."""
        held = kept(user=self.user, ticket=self.request.POST.get("ticket", ""), purpose=self.purpose())
        if held is None:
            return self.ask(self.form(), refused=self.refusal(str(self.no_longer_held)), status=409)
        try:
            report = self.bring(held, dry_run=False)
        except self.refusals as refused:
            return self._refused(self.form(), refused)
        if self.has_errors(report):
            return self.show(held, report, status=422)
        messages.success(self.request, self.told(held, report))
        return redirect(self.next_page(held, report))

    def _refused(self, form, refused):
        return self.ask(form, refused=refused, status=getattr(refused, "status", 422))


def in_words(counts):
    """Return such as `2 created, 1 unchanged` of the counts by what became of a row."""
    words = {"created": _("created"), "updated": _("updated"), "unchanged": _("unchanged")}
    return ", ".join(f"{counts[done]} {word}" for done, word in words.items() if counts.get(done))
