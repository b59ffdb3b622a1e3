"""Count a deadline. The rules are public, so no key is asked for; calls are counted."""

from __future__ import annotations

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request as Call
from rest_framework.response import Response
from rest_framework.views import APIView

from courts.api.authentication import MachineThrottle, PublicThrottle
from courts.api.problems import responses
from escalation.api.serializers import DeadlineOut, QuestionIn, written
from escalation.calculator import calculate


class Deadlines(APIView):
    """The deadline calculator of the portal, for machines; a key only raises how often."""

    permission_classes = [AllowAny]
    throttle_classes = [MachineThrottle, PublicThrottle]

    @extend_schema(
        operation_id="countDeadline",
        summary="Until when a court would have, day by day, and each rung with its instant",
        parameters=[QuestionIn],
        responses={200: OpenApiResponse(DeadlineOut, description="The count laid open.")}
        | responses(400, 401, 406, 429),
    )
    def get(self, call: Call) -> Response:
        """Counted by the rules and the calendar of that court as they stand now."""
        asked = QuestionIn(data=call.query_params)
        asked.is_valid(raise_exception=True)
        return Response(written(calculate(**asked.validated_data)))
