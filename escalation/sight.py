"""What the ladder sent somebody stays theirs only as long as the post that it was sent to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.db.models import Q

from courts.models import Post

_K = Post.Kind


def still_meant(posts: Mapping[int, Iterable[Post]]) -> Q:
    """A condition on ``FiringRecipient``: the person's posts are still what the role means.

    ``posts`` are the posts that each person holds or acts for (``courts.roles.posts_of``, with
    the departments in charge). A role means the posts by which ``escalation.recipients`` found
    it: those of the unit that answered for the clock when the step fired. So whoever has moved
    to another post, or to another court, sees no more of what rose to them before. A handler is
    no post: whoever handles a matter sees it as such.
    """
    found = Q(pk__in=[])
    for person_id, held in posts.items():
        for post in held:
            found |= Q(person=person_id) & _meant(post)
    return found


def _meant(post: Post) -> Q:
    here = Q(firing__court=post.court_id)
    if post.kind == _K.LIAISON_OFFICER:
        unit = Q(firing__department=post.department_id) if post.department_id else Q()
        return Q(role="liaison_officer") & here & unit
    if post.kind == _K.DEPARTMENT_LEADER:
        return Q(role="department_leader", firing__department=post.department_id)
    if post.kind == _K.DEPUTY_PRESIDENT:
        in_charge = [department.pk for department in post.departments_in_charge.all()]
        return Q(role="deputy_president", firing__department__in=in_charge) & here
    if post.kind == _K.PRESIDENT:
        superior = Q(role="superior_president", firing__court__parent=post.court_id)
        return Q(role="president") & here | superior
    if post.kind == _K.FILING_CHAMBER:
        return Q(role="filing_chamber", firing__court__jurisdiction__leading_court=post.court_id)
    return Q(pk__in=[])
