"""What a wing of the follow-up is: a kind of matter with its pages, verbs and words.

Lists, pages and verbs of all wings read alike (``reports.follow_up.pages``); what is different is
said here, once for each.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms

from reports.follow_up.forms import ActForm
from reports.models.follow_up import Matter

Facts = list[tuple[Any, Any]]


@dataclass(frozen=True)
class Act:
    """A verb that a person may do to a matter: a form on its page, and the service it calls.

    ``move`` is its name in the lifecycle, and the last part of its address; ``ask`` heads the
    words that are given, ``done`` is said afterwards.
    """

    move: str
    call: Callable[..., Any]
    done: Any
    form: type[ActForm]
    ask: Any = ""
    icon: str = "check"
    tone: str = ""


@dataclass(frozen=True)
class Wing:
    """A kind of matter: what it is called, who may make one, and what can be done.

    ``name`` is the URL name of its list and ``argument`` what its services call its id. ``make``
    is the action that a new one needs ('' where none is made by hand). ``open_states`` are those
    that the list shows first.
    """

    name: str
    model: type[Matter]
    argument: str
    title: Any
    lead: Any
    none: Any
    icon: str
    open_states: Sequence[str]
    acts: Sequence[Act]
    facts: Callable[[Any], Facts]
    meta: Callable[[Any], Any]
    read: Sequence[str] = ()
    related: Sequence[str] = ()
    make: str = ""
    new: Any = ""
    new_lead: Any = ""
    new_form: type[forms.Form] | None = None
    create: Callable[..., Matter] | None = None

    @property
    def page(self) -> str:
        """The URL name of a matter's page."""
        return self.model.PAGE

    def act(self, move: str) -> Act | None:
        """The act of a name; None if there is none."""
        return next((act for act in self.acts if act.move == move), None)
