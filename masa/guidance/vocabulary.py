"""The words a guidance file may use. Each list has the value written in the file and the words people are shown."""
from django.db.models import TextChoices


class Series(TextChoices):
    """Editions of one series follow one another: on any day at most one of them is in force."""

    WORKING_TOGETHER = "working_together", "Working Together to Safeguard Children"
    CARE_ACT = "care_act", "Care Act safeguarding duties"
    LAW = "law", "Law"
    PLAN_TEMPLATE = "plan_template", "Plan template"
    CHECKLIST = "checklist", "Checklist"


class Audience(TextChoices):
    CHILDREN = "children", "Children"
    ADULTS = "adults", "Adults"
    BOTH = "both", "Children and adults"


class Kind(TextChoices):
    ARRANGEMENTS = "arrangements", "What published arrangements contain"
    YEARLY_REPORT = "yearly_report", "What the yearly report contains"
    THRESHOLD = "threshold", "Threshold document"
    INCIDENT = "incident", "Serious incidents and notification"
    REVIEW = "review", "Rapid reviews and practice reviews"
    CRITERION = "criterion", "Criteria for a review"
    FUNDING = "funding", "Money and other contributions"
    DISPUTE = "dispute", "Disagreement and escalation"
    INFORMATION = "information", "Sharing information"
    SCRUTINY = "scrutiny", "Independent scrutiny"
    ROLE = "role", "Who does what"
    FUNCTION = "function", "Functions of lead and delegated partners"
    SECTION_11 = "section_11", "Section 11 duties"
    EDUCATION = "education", "Education duties"
    AREA = "area", "Areas"
    AGENCY_CATEGORY = "agency_category", "Categories of relevant agency"
    TRANSITION = "transition", "Moving to new arrangements"
    CHECKLIST = "checklist", "Checklist"


class Force(TextChoices):
    MUST = "must", "Must"
    SHOULD = "should", "Should"
    MAY = "may", "May"
    UNCONFIRMED = "unconfirmed", "Not confirmed whether must or should"


class Status(TextChoices):
    """How sure we are of a row. Listed from the surest to the least sure."""

    CONFIRMED = "confirmed", "Confirmed"
    STATED = "stated", "Stated by a partnership or sector body, not separately checked"
    PROVISIONAL = "provisional", "Not confirmed; check against the published document"


class Condition(TextChoices):
    """When a requirement applies; a row without one always applies."""

    SEVERAL_LOCAL_AUTHORITIES = "several_local_authorities", "Several local authority areas are covered"
    SECURE_ESTABLISHMENT = "secure_establishment", "There is a secure establishment in the area"
    INTEGRATED_ADULTS = "integrated_adults", "The partnership also covers adults"


class Unit(TextChoices):
    DAYS = "days", "days"
    WORKING_DAYS = "working_days", "working days"
    MONTHS = "months", "months"


class Direction(TextChoices):
    AFTER = "after", "after"
    BEFORE = "before", "before"


class Basis(TextChoices):
    LEGAL = "legal", "Required by law"
    GUIDANCE = "guidance", "Expected by guidance"


class Marks(TextChoices):
    """What the counted date is: the last day to have done something, or the first on which something may stop."""

    LATEST = "latest", "No later than"
    EARLIEST = "earliest", "No earlier than"


class Anchor(TextChoices):
    """The event whose date a count starts from."""

    INCIDENT_KNOWN = "incident_known", "The local authority becomes aware of the incident"
    INCIDENT_NOTIFIED = "incident_notified", "The incident is notified to the Panel"
    REVIEW_DECIDED = "review_decided", "The decision to hold a local review"
    REVIEW_PUBLICATION = "review_publication", "The day the review report is to be published"
    REVIEW_PUBLISHED = "review_published", "The review report is published"
    PREVIOUS_REPORT_PUBLISHED = "previous_report_published", "The previous yearly report was published"
    REPORT_YEAR_ENDED = "report_year_ended", "The year reported on ends on 31 March"
    REPORT_PUBLISHED = "report_published", "The yearly report is published"
    EDITION_IN_FORCE = "edition_in_force", "The edition of the guidance comes into force"
    ARRANGEMENTS_PUBLISHED = "arrangements_published", "The arrangements are published"
    ARRANGEMENTS_STARTED = "arrangements_started", "The new arrangements start"


class Recipient(TextChoices):
    PANEL = "panel", "Child Safeguarding Practice Review Panel"
    SECRETARY_OF_STATE = "secretary_of_state", "Secretary of State for Education"
    OFSTED = "ofsted", "Ofsted"
    PARTNERSHIP = "partnership", "The local safeguarding partnership"
    WHAT_WORKS_CSC = "what_works_csc", "What Works Centre for Children's Social Care"
    FOUNDATIONS = "foundations", "Foundations (What Works Centre for Children and Families)"
    YOUTH_JUSTICE_BOARD = "youth_justice_board", "Youth Justice Board"
    YOUTH_CUSTODY_SERVICE = "youth_custody_service", "Youth Custody Service"
    HMI_PRISONS = "hmi_prisons", "HM Inspectorate of Prisons"
    LSCB_CHAIR = "lscb_chair", "Chair of the Local Safeguarding Children Board"
    LA_CHIEF_EXECUTIVE = "la_chief_executive", "Chief executive of the local authority"
    LA_LEADER = "la_leader", "Leader of the local authority"
    POLICING_BODY = "policing_body", "Local policing body"
    HEALTHWATCH = "healthwatch", "Local Healthwatch"
    HEALTH_AND_WELLBEING_BOARD = "health_and_wellbeing_board", "Chair of the health and wellbeing board"
    DOMESTIC_ABUSE_COMMISSIONER = "domestic_abuse_commissioner", "Domestic Abuse Commissioner"


class Change(TextChoices):
    """How a row stands to the edition before."""

    SAME = "same", "The same"
    REWORDED = "reworded", "Worded differently"
    SPLIT = "split", "One of several rows made from one"
    MERGED = "merged", "Made from several rows"
    NEW = "new", "New"
    DROPPED = "dropped", "Not carried on"
