"""The mirror of the trial business system: cases, who takes part, nodes, and how they came."""

from cases.models.case import Capacity, Case, CaseParticipant, PartyRole, RegisteredContact
from cases.models.imports import ImportChunk, ImportRun, RejectedLine
from cases.models.node import CaseNode
from cases.models.push import Push, PushDigest, PushPreference, PushTally, SensitiveChoice

__all__ = [
    "Capacity",
    "Case",
    "CaseNode",
    "CaseParticipant",
    "ImportChunk",
    "ImportRun",
    "PartyRole",
    "Push",
    "PushDigest",
    "PushPreference",
    "PushTally",
    "RegisteredContact",
    "RejectedLine",
    "SensitiveChoice",
]
