"""What has followed from the figures in the city of today: a few matters of each kind.

They are made by the same services as on the screens, each at its own instant. Nothing of it is
left to chance, so the same ``now`` gives the same city.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from courts.business_days import local_date
from courts.models import Department, Person, Post
from liaison.models import Request
from reports.agenda import services as agenda
from reports.demonstration.city import City
from reports.demonstration.days import Days
from reports.follow_up.verbs import holders
from reports.improvements import services as improvements
from reports.interviews import services as interviews
from reports.issues import services as issues
from reports.models import AgendaMatter, ReferralItem
from reports.months import Month
from reports.practices import services as practices
from reports.problems import services as problems
from reports.referrals import services as referrals
from reports.referrals.offices import Offices

# (title, text) by the kind of issue
_REFERRED = {
    "hot": ("裁判文书送达迟延", "多件诉求反映判决后迟迟收不到文书，请专题调研并督办。"),
    "difficult": ("改期通知不及时", "开庭改期后未当日告知，重复来电较多，请研究统一要求。"),
    "typical": ("财产保全后不告知", "保全裁定作出后未主动告知，当事人多次来电询问，具有代表性。"),
}  # fmt: skip
_CONDUCT = ("接待态度生硬", "当事人反映通话中被中途挂断，录音已核听，属实情况请依规处理。")
_FIRST_ANSWER = "已向各庭发出督办函，要求三日内自查送达台账，并将送达时限纳入月度通报。"
_EMPTY_ANSWER = "已阅。"
_SENT_BACK = "答复没有写明整改措施和完成时间，请补充。"


class FollowUp:
    """Plays the follow-up of a city whose requests have been played."""

    def __init__(self, city: City, days: Days, requests: Mapping[str, int]) -> None:
        self.city, self.days, self._requests = city, days, requests
        self.jurisdiction = city.jurisdiction
        self.leading = city.courts[city.leading]
        self.now = days.now

    def play(self) -> None:
        """Everything that has followed by now."""
        self._key_issue()
        self._referrals()
        self._problems()
        self._agenda()
        self._interviews()
        self._improvements()
        self._practices()

    def _one(self, kind: str, slug: str = "", department: Department | None = None) -> Person:
        """The first holder of a kind of post at present; in the leading court unless told."""
        court_id = None if department else self.city.courts[slug or self.city.leading].pk
        department_id = department.pk if department else None
        return holders(kind, court_id=court_id, department_id=department_id, at=self.now)[0]

    def _request(self, key: str) -> Request | None:
        """The request of a scene; none if the scene has not been played by now."""
        pk = self._requests.get(key)
        return Request.objects.get(pk=pk) if pk else None

    def _leader(self, slug: str, branch: str) -> tuple[Department, Person]:
        department = self.city.staff(slug, branch).division
        return department, self._one(Post.Kind.DEPARTMENT_LEADER, department=department)

    # --- issues -------------------------------------------------------------------------------

    def _key_issue(self) -> None:
        request = self._request("reopened")
        if request is not None:
            issues.mark_key(
                request=request,
                title="答复被认定不当后仍未说明办理时间",
                text="当事人情绪激动，称将到庭外等候。已请承办庭当日联系，院领导关注进展。",
                by=self.city.chamber,
                at=self.days.at(2, "09:50"),
            )

    # --- referrals ----------------------------------------------------------------------------

    def _referrals(self) -> None:
        offices = referrals.offices_of(self.leading, self.now)
        for office in offices.offices:
            where = Department.objects.filter(court=self.leading, kind=office.kind).first()
            if where is not None:
                self._lots(offices, office.kind, where)

    def _lots(self, offices: Offices, kind: str, office: Department) -> None:
        """Last month's lot, with its answers; and what waits for this month's."""
        old, new = self.days.at(8, "10:10"), self.days.at(1, "11:20")
        taken = next(one for one in offices.offices if one.kind == kind)
        issues = [issue for issue in _REFERRED if issue in taken.issues][:2]
        sealed = all(offices.is_conduct(one) for one in taken.classes)
        if sealed:
            self._refer(taken.classes[-1], issues[0], *_CONDUCT, at=old)
        else:
            for number, issue in enumerate(issues):
                category = taken.classes[number % len(taken.classes)]
                key = "reopened" if number == 0 else "answered_again"
                self._refer(category, issue, *_REFERRED[issue], at=old, request=self._request(key))
        month = Month.of(old, self.jurisdiction.zone)
        lot = referrals.compile_lot(office=office, month=month, by=self.city.chamber, at=old)
        referrals.send(lot_id=lot.pk, by=self.city.chamber, at=self.days.at(6, "09:30"))
        if sealed:
            return
        items = list(lot.items.order_by("pk"))
        officers = holders(kind, department_id=office.pk, at=self.now)
        answers = (_FIRST_ANSWER, _EMPTY_ANSWER)
        for item, text in zip(items, answers, strict=False):
            at = self.days.at(4, "15:10")
            referrals.answer_item(item_id=item.pk, text=text, by=officers[0], at=at)
        at = self.days.at(3, "09:40")
        referrals.accept_item(item_id=items[0].pk, by=self.city.chamber, at=at)
        for item in items[1:2]:
            referrals.send_back_item(item_id=item.pk, text=_SENT_BACK, by=self.city.chamber, at=at)
        category, issue = taken.classes[0], issues[-1]
        self._refer(category, issue, *_REFERRED["typical"], at=new)

    def _refer(
        self, category: str, issue: str, title: str, text: str, *, at: object,
        request: Request | None = None,
    ) -> ReferralItem:  # fmt: skip
        return referrals.refer(
            jurisdiction=self.jurisdiction,
            category=category,
            issue=issue,
            title=title,
            text=text,
            evidence=referrals.Evidence(request=request),
            by=self.city.chamber,
            at=at,  # type: ignore[arg-type]
        )

    # --- the list of problems, and the agenda ----------------------------------------------------

    def _problems(self) -> None:
        at = self.days.at
        classes = referrals.offices_of(self.leading, self.now).classes
        listed = (
            ("donghu", "civil", "联系电话无人接听", "值班电话连续三周接听率低于六成。", 26),
            ("xiling", "enforcement", "终本案件查询答复慢", "终本查询多超过三个工作日才答复。", 12),
            ("beiyuan", "civil", "退费告知不全", "退费所需材料未一次性告知，当事人往返两次。", 6),
        )  # fmt: skip
        made = []
        for number, (slug, branch, title, text, back) in enumerate(listed):
            department, owner = self._leader(slug, branch)
            made.append(
                problems.list_problem(
                    category=classes[number % len(classes)],
                    title=title,
                    text=text,
                    court=department.court,
                    department=department,
                    owner=owner,
                    by=self.city.chamber,
                    at=at(back, "10:30"),
                )
            )
        done, waiting, _open = made
        problems.report(
            problem_id=done.pk, text="已实行双人值班，两周接听率九成五。", by=done.owner,
            at=at(15, "16:00"),
        )  # fmt: skip
        problems.strike(
            problem_id=done.pk, text="抽查二十个时段，均有人接听。", by=self.city.chamber,
            at=at(13, "10:00"),
        )  # fmt: skip
        problems.report(
            problem_id=waiting.pk, text="已指定专人每日答复，附台账。", by=waiting.owner,
            at=at(2, "17:10"),
        )  # fmt: skip

    def _agenda(self) -> None:
        at, zone = self.days.at, self.jurisdiction.zone
        bodies = AgendaMatter.Body
        matters = []
        for slug, body, title, text, back in (
            ("donghu", bodies.PRESIDENTS_MEETING, "专题听取联系法官工作汇报",
             "研究提高答复质量的措施，两周内拿出方案。", 30),
            (self.city.leading, bodies.PARTY_GROUP, "上月排名靠后单位的整改",
             "由分管副院长牵头督促整改，下次会议听取结果。", 9),
            (self.city.leading, bodies.JOINT_MEETING, "统一案件改期的告知要求",
             "全市法院统一改期告知的时限和方式。", 4),
        ):  # fmt: skip
            court = self.city.courts[slug]
            matters.append(
                agenda.put_on_agenda(
                    body=body,
                    meeting_on=local_date(at(back, "09:00"), zone),
                    title=title,
                    text=text,
                    court=court,
                    department=None,
                    owner=self._one(Post.Kind.DEPUTY_PRESIDENT, slug),
                    by=self._one(Post.Kind.PRESIDENT, slug),
                    at=at(back, "11:30"),
                )
            )
        closed, resulted, _open = matters
        president = self._one(Post.Kind.PRESIDENT, "donghu")
        agenda.record_result(
            matter_id=closed.pk, text="方案已印发，答复一律写明下一步和时间。", by=closed.owner,
            at=at(20, "15:00"),
        )  # fmt: skip
        agenda.close(matter_id=closed.pk, text="已落实。", by=president, at=at(18, "10:00"))
        agenda.record_result(
            matter_id=resulted.pk, text="两个庭已整改，及时办结率回升。", by=resulted.owner,
            at=at(2, "10:20"),
        )  # fmt: skip

    # --- interviews, proposals, practices --------------------------------------------------------

    def _interviews(self) -> None:
        at, zone = self.days.at, self.jurisdiction.zone
        last = Month.of(self.now, zone).plus(-1)
        interviews.propose(self.jurisdiction, last, at=at(1, "09:05"))
        deputy = self._one(Post.Kind.DEPUTY_PRESIDENT)
        president = self._one(Post.Kind.PRESIDENT, "xiling")
        interview = interviews.propose_by_hand(
            court=self.city.courts["xiling"],
            department=None,
            title="重复诉求较多",
            text="连续两个月重复诉求占比全市最高。",
            by=deputy,
            at=at(10, "09:20"),
        )
        held = at(7, "15:00")
        interviews.hold(
            interview_id=interview.pk,
            interviewed=president,
            held_on=local_date(held, zone),
            agreed="两周内逐件回访重复诉求，分管副院长每周调度一次。",
            agreed_until=local_date(held, zone) + timedelta(days=14),
            by=deputy,
            at=held,
        )
        interviews.confirm(interview_id=interview.pk, by=president, at=at(6, "09:30"))
        interviews.propose_by_hand(
            court=self.city.courts["nanping"],
            department=self.city.staff("nanping", "enforcement").division,
            title="催办后仍未答复",
            text="上月三件工单催办后仍逾期。",
            by=deputy,
            at=at(2, "10:40"),
        )

    def _improvements(self) -> None:
        at = self.days.at
        made = []
        for slug, branch, title, text, back in (
            ("donghu", "civil", "工单里看不到庭审排期", "建议在工单旁显示本案最近的开庭安排。", 14),
            ("beiyuan", "enforcement", "常见问题口径不统一", "建议编一份执行类答复口径。", 3),
        ):  # fmt: skip
            staff = self.city.staff(slug, branch)
            made.append(
                improvements.propose(
                    court=staff.division.court,
                    department=staff.division,
                    title=title,
                    text=text,
                    by=staff.judges[0],
                    at=at(back, "16:20"),
                )
            )
        improvements.adopt(
            improvement_id=made[0].pk, text="可行，已列入下一版改进。", by=self.city.chamber,
            at=at(9, "10:00"),
        )  # fmt: skip

    def _practices(self) -> None:
        at = self.days.at
        made = []
        for slug, branch, title, text, back in (
            ("nanping", "civil", "晨会过单", "每日九点逐件过当日到期的工单，逾期清零。", 16),
            ("donghu", "enforcement", "一案一联系卡", "立案时发联系卡，写明团队和接听时间。", 4),
        ):  # fmt: skip
            department, leader = self._leader(slug, branch)
            made.append(
                practices.record_practice(
                    court=department.court,
                    department=department,
                    title=title,
                    text=text,
                    by=leader,
                    at=at(back, "14:00"),
                )
            )
        practices.circulate(practice_id=made[0].pk, by=self.city.chamber, at=at(11, "09:50"))
        for slug in ("donghu", "beiyuan"):
            practices.acknowledge(
                practice_id=made[0].pk,
                court=self.city.courts[slug],
                by=self._one(Post.Kind.PRESIDENT, slug),
                at=at(8, "10:00"),
            )
