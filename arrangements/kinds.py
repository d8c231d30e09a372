"""Kinds of publication that belong to the arrangements, each with the sections a new edition starts with.

Section keys are those of the shared plan template wherever it has the section, so that plans compare.
"""

from masa.guidance.vocabulary import Recipient
from masa.partnerships.models import Seat
from masa.publishing.kinds import Kind, NoticeRule, TemplateSection, register

ARRANGEMENTS = register(
    Kind(
        key="arrangements",
        leads_always=True,
        label="Published arrangements",
        slug="arrangements",
        about="How the safeguarding partners work together, and with whom. The lead partners sign it.",
        signers="leads",
        guidance_kind="arrangements",
        # No time limit is confirmed, and whether later editions repeat it is not known: so a notice without a date.
        notices=(
            NoticeRule(
                Recipient.SECRETARY_OF_STATE.label,
                None,
                "Working Together 2018, transitional guidance: told on publication",
            ),
        ),
        sections=(
            TemplateSection("introduction", "Why we have this plan", prompts=("T-01",)),
            TemplateSection(
                "shared-vision", "What we want for children and adults", blocks=("priorities",), prompts=("T-02",)
            ),
            TemplateSection("strategic-links", "How we work with other boards", blocks=("links",), prompts=("T-03",)),
            TemplateSection(
                "partners-and-agencies", "Who works together", blocks=("partners", "agencies"), prompts=("T-04",)
            ),
            TemplateSection("geography", "The area we cover"),
            TemplateSection(
                "education", "How nurseries, schools and colleges take part", "children", prompts=("T-04E",)
            ),
            TemplateSection("custody-and-residential", "Children in custody and in residential homes", "children"),
            TemplateSection(
                "leadership-and-governance",
                "How we are led",
                blocks=("structure", "agreements", "reporting"),
                prompts=("T-05",),
            ),
            TemplateSection("practice-reviews", "How we learn from serious incidents", "children", prompts=("T-06",)),
            TemplateSection("data-and-intelligence", "How we use what we know", prompts=("T-07",)),
            TemplateSection("quality-assurance", "How we check the quality of help", prompts=("T-07.1",)),
            TemplateSection("independent-scrutiny", "Who checks our work", blocks=("scrutiny",), prompts=("T-07.2",)),
            TemplateSection("learning-and-training", "How we learn and train together", prompts=("T-08",)),
            TemplateSection("child-death-reviews", "When a child dies", "children", prompts=("T-09",)),
            TemplateSection("funding", "What it costs and who pays", blocks=("funding",), prompts=("T-10",)),
            TemplateSection("voice", "How we listen to children, adults and families", prompts=("T-11",)),
            TemplateSection("yearly-report", "How we report each year and review this plan", prompts=("T-12",)),
            TemplateSection("disputes", "What happens when we disagree", blocks=("disputes",), prompts=("T-13",)),
            TemplateSection("information-sharing", "How we share information", prompts=("T-14",)),
            TemplateSection("thresholds", "When and how people get help", prompts=("T-15",)),
            TemplateSection("section-11", "How each organisation meets its own duties", "children", prompts=("T-16",)),
            TemplateSection("vulnerability-and-risk", "Risks we look at most closely", prompts=("T-17",)),
            TemplateSection("adults", "How this covers adults", "adults"),
            TemplateSection("implementation", "When this starts", blocks=("milestones", "handover")),
            TemplateSection("closing", "What comes next", prompts=("T-18",)),
        ),
    )
)

CHILDREN_AND_FAMILIES = register(
    Kind(
        key="children-and-families",
        label="Version for children and families",
        slug="children-and-families",
        about="The arrangements in plain words. It always says which edition it explains. The publisher signs it.",
        signers="publisher",  # the lead partners sign the arrangements themselves, not their explanation
        explains=True,
        may_be_at_risk=True,
        sections=(
            TemplateSection("introduction", "What this is about"),
            TemplateSection("partners-and-agencies", "Who keeps you safe", blocks=("partners",)),
            TemplateSection("thresholds", "How you get help"),
            TemplateSection("voice", "How you can have your say"),
            TemplateSection("practice-reviews", "What we do when something goes badly wrong"),
            TemplateSection("independent-scrutiny", "Who checks that we do it well"),
            TemplateSection("priorities", "What we are working on now", blocks=("priorities",)),
            TemplateSection("disputes", "If you are not happy with what happened"),
        ),
    )
)

THRESHOLDS = register(
    Kind(
        key="thresholds",
        leads_always=True,
        label="Threshold document",
        slug="thresholds",
        about="When and how a child gets which help. The lead partners sign it.",
        signers="leads",
        guidance_kind="threshold",
        sections=(
            TemplateSection("introduction", "What this document is for", "children"),
            TemplateSection("levels-of-need", "Levels of need and what each one means", "children"),
            TemplateSection("early-help", "Early help: what it is and how it is assessed", "children"),
            TemplateSection("statutory-help", "When the law asks the council to act", "children"),
            TemplateSection("abuse-neglect-exploitation", "Abuse, neglect and exploitation", "children"),
            TemplateSection("custody-and-residential", "Children in custody and in residential homes", "children"),
            TemplateSection("disabled-children", "Disabled children", "children"),
            TemplateSection("information-sharing", "Sharing information and asking for consent", "children"),
            TemplateSection("disputes", "If you disagree about the level of need", "children", blocks=("disputes",)),
            TemplateSection("closing", "How this document is reviewed", "children"),
        ),
    )
)

SCRUTINY_PLAN = register(
    Kind(
        key="scrutiny-plan",
        leads_always=True,
        label="Independent scrutiny plan",
        slug="scrutiny-plan",
        about="What will be scrutinised, by whom, how and when. The lead partners sign it.",
        signers="leads",
        guidance_kind="scrutiny",
        many=True,
        sections=(
            TemplateSection("introduction", "What independent scrutiny is for"),
            TemplateSection("independent-scrutiny", "Who scrutinises our work", blocks=("scrutiny",)),
            TemplateSection("priorities", "What will be looked at", blocks=("priorities",)),
            TemplateSection("methods", "How it will be done"),
            TemplateSection("voice", "The part of children, adults and families"),
            TemplateSection("reporting", "Who hears what was found", blocks=("reporting",)),
            TemplateSection("closing", "How we act on it"),
        ),
    )
)

ANNUAL_BUDGET = register(
    Kind(
        key="annual-budget",
        leads_always=True,
        label="Shared annual budget",
        slug="annual-budget",
        about="What the partnership costs in a year and who pays. The lead partners sign it.",
        signers="leads",
        guidance_kind="funding",
        many=True,
        sections=(
            TemplateSection("introduction", "What this budget covers"),
            TemplateSection("funding", "What each organisation gives and what is spent", blocks=("funding",)),
            TemplateSection("changes", "What changed since last year"),
            TemplateSection("value-for-money", "What it achieves for the money"),
            TemplateSection("risks", "What could cost more, and what we would do"),
        ),
    )
)

STRATEGIC_PLAN = register(
    Kind(
        key="strategic-plan",
        label="Strategic plan",
        slug="strategic-plan",
        about="What the partners will work on first, and how they will know that it helped. The lead partners sign it.",
        signers="leads",
        many=True,
        sections=(
            TemplateSection("introduction", "Why we have this plan"),
            TemplateSection("shared-vision", "What we want for children and adults"),
            TemplateSection("priorities", "What we work on first", blocks=("priorities",)),
            TemplateSection("implementation", "What will be done by when", blocks=("milestones",)),
            TemplateSection("data-and-intelligence", "How we will know that it helped"),
            TemplateSection("strategic-links", "Who else has a part", blocks=("links",)),
            TemplateSection("voice", "What children, adults and families told us"),
            TemplateSection("closing", "When we look at this plan again"),
        ),
    )
)

CHILD_DEATH_REVIEWS = register(
    Kind(
        key="child-death-reviews",
        label="Child death review arrangements",
        slug="child-death-reviews",
        about="How each child's death is reviewed. The council and the NHS commissioner sign it: the duty is theirs.",
        signers="leads",
        seat_kinds=(Seat.Kind.LOCAL_AUTHORITY.value, Seat.Kind.HEALTH.value),  # ROLE-CDRP: police are no party to it
        sections=(
            TemplateSection("introduction", "When a child dies", "children"),
            TemplateSection("partners-and-agencies", "Who is responsible", "children"),
            TemplateSection("geography", "The area and the other areas we work with", "children"),
            TemplateSection("child-death-reviews", "How each death is reviewed", "children"),
            TemplateSection("families", "How families are supported and told", "children"),
            TemplateSection("learning-and-training", "How we learn from what we find", "children"),
            TemplateSection("funding", "What it costs and who pays", "children"),
            TemplateSection("practice-reviews", "When abuse or neglect may have played a part", "children"),
        ),
    )
)

MEETING_SUMMARY = register(
    Kind(
        key="meeting-summary",
        label="Meeting summary",
        slug="meeting",
        about="What one meeting of the partners decided, in a page or two. The publisher signs it.",
        signers="publisher",
        many=True,
        sections=(
            TemplateSection("introduction", "Who met and when"),
            TemplateSection("decisions", "What was decided"),
            TemplateSection("discussion", "What was talked about"),
            TemplateSection("implementation", "What happens next, and who does it"),
        ),
    )
)
