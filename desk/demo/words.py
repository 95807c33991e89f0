"""What people of the demo write: sentences of their own for answers, summaries, items and deviations."""

# Why a question was answered No, by the question's key.
ANSWERED_NO = {
    "consent_version": (
        "One subject signed the former version eleven days after the new one was approved; signed again at this visit.",
        "The form of one subject lacks the date beside the investigator's signature; a note to file was written.",
    ),
    "consent_process": (
        "For two subjects the source says only that consent was given, not how it was discussed; late entries made.",
    ),
    "source_adequate": (
        "Vital signs of one visit stand on a loose sheet without name and date; the coordinator signed a copy.",
        "The electronic record shows the score without who took it; access to the audit trail was asked for.",
    ),
    "sdv_done": (
        "Two subjects could not be verified: their records were with the ward. Carried to the next visit.",
    ),
    "data_entry": (
        "Entry runs nine days behind the visits; the coordinator was on leave and nobody stood in.",
        "Fourteen queries are older than ten days; half of them concern the same concomitant treatment.",
        "Three visits were entered more than a week late; the site plans fixed hours for it.",
    ),
    "adverse_events": (
        "One event of grade 2 was found in the letter of the family doctor and not recorded; entered during the visit.",
    ),
    "deviations": (
        "The site's deviation log lags three weeks behind; brought up to date during the visit.",
        "One entry of the site's log lacks the investigator's assessment; completed during the visit.",
    ),
    "product_storage": (
        "Two temperature readings are missing on a weekend; the logger shows no excursion.",
        "The refrigerator was changed without telling us; its calibration certificate is asked for.",
    ),
    "product_accountability": (
        "One kit was counted as returned and still lay in the drawer; the log was corrected by the pharmacist.",
    ),
    "laboratory": (
        "Four tubes expire within three weeks; a new delivery was ordered during the visit.",
        "A shipment left the site a day late because of the courier; the samples stayed frozen.",
    ),
    "site_file": (
        "The curriculum vitae of a new sub-investigator is missing, and two tracking logs are not up to date.",
        "Section 5 holds the superseded brochure only; the current one was filed during the visit.",
        "Approval letters are filed out of order; the coordinator sorts them until the next visit.",
    ),
    "staff": (
        "A nurse drew blood before she was on the delegation log; training was recorded, the log was signed.",
    ),
    "oversight": (
        "The investigator signed laboratory reports only up to last month; agreed to do so every week.",
    ),
    "facilities": ("The centrifuge is due for service this month; the appointment is made.",),
    "queries_closed": ("Two queries of the last visit wait for the laboratory; the data manager knows.",),
    "archiving": ("The place is agreed, the contract with the archive is not yet signed.",),
    "items_closed": ("One item on the return of the logger stays open; due in two weeks.",),
    "competing_studies": (
        "Another study in the same indication recruits until spring; its criteria overlap little.",
    ),
    "supplies_ready": ("Kits arrive next week; the site screens nobody before.",),
    "systems_training": ("Two of five people have no access to the randomisation system yet.",),
    "escalation_not_needed": ("The matter was put before the study team; a plan is agreed with the site.",),
}
# Why a question was left for the next visit, by the question's key.
NOT_REVIEWED = {
    "sdv_done": (
        "Left for the next visit: there was no time after consent and eligibility.",
        "The electronic record was down in the afternoon; verified at the next visit on site.",
        "Verification of the newest visits is planned for the next visit on site.",
    ),
    "laboratory": (
        "The laboratory was closed in the afternoon; looked at next time.",
        "The laboratory nurse was away; kits and the shipping log are looked at next time.",
    ),
    "facilities": (
        "Rooms and equipment were not walked through; planned for the next visit on site.",
        "The treatment room was in use all day; seen next time.",
    ),
    "adverse_events": (
        "The visit served training and source; safety records are reviewed at the next routine visit.",
    ),
}
# Why a question does not apply, by the question's key.
NOT_APPLICABLE = {
    "eligibility": (
        "No new subject since the last visit.",
        "Nobody was enrolled since the last visit; those in screening are looked at once they are.",
    ),
}

SUMMARIES = (
    "{seen} subjects were reviewed against their source. Consent and eligibility are in order. {finding}",
    "The visit was made with the coordinator; the investigator was there for the closing talk. {finding} "
    "{seen} subjects reviewed.",
    "Recruitment was discussed: two patients are being considered. {finding} Records of {seen} subjects were seen.",
    "The site works carefully and answers quickly. {finding} {seen} subjects were reviewed, no new safety concern.",
    "Data of {seen} subjects were verified. {finding} The next visit is planned in about six weeks.",
    "The team has changed since the last visit and is trained. {finding} {seen} subjects reviewed.",
    "All open points of the last report were gone through with the investigator. {finding} {seen} subjects seen.",
    "Product, storage and accountability agree. {finding} Source of {seen} subjects was looked at.",
)
# Where fewer than two subjects had consented by then.
SUMMARY_OF_ONE = (
    "The one subject so far was reviewed against the source, consent and eligibility too. {finding}"
)
SUMMARY_OF_NONE = "No subject has consented yet; recruitment was discussed with the whole team. {finding}"
FINDINGS = (
    "One point on the site file stays open.",
    "The points on data entry were agreed with a date.",
    "One finding on storage was explained and needs no escalation.",
    "What is still missing is listed below with its date.",
    "No important finding; two small ones are listed below.",
    "The backlog of queries is the main concern.",
    "The investigator knows what was found and has acted.",
)
QUALIFICATION = (
    "The team is experienced in the indication and sees enough patients. The pharmacy is suitable. Recommended.",
    "Motivated investigator, small team. Recommended on condition that a second coordinator is named.",
    "Suitable rooms and a good laboratory; the contract office is slow. Recommended.",
)
INITIATION = (
    "Protocol, safety reporting and systems were trained; the team asked about the washout. Ready once kits are there.",
    "Training was held in two groups. The delegation log was signed. Two access requests are on their way.",
    "The pharmacy was shown and is ready. All present were trained; the sub-investigator follows by video.",
)
CLOSE_OUT = (
    "Product was reconciled and returned. The site file is complete. The duties that remain were explained.",
    "All queries but two are closed. Archiving is agreed for the time the law asks. The committee was told.",
)
UNBLINDED = (
    "Kits and allocation agree with the pharmacy's records.",
    "One kit label was illegible; the number was confirmed with the depot. Counts agree.",
    "Dispensing follows the list; temperature of the store was without excursion.",
)

# What a visit asks of a site, and in which words it is closed once it is done.
ITEMS = {
    "File the renewed laboratory certificate": (
        "Filed; the site sent a copy",
        "The certificate came from the laboratory and is in the site file",
    ),
    "Send the signed delegation log with the new sub-investigator": (
        "Received by mail and filed",
        "Signed by the investigator; the copy was filed",
    ),
    "Answer the queries older than ten days": (
        "Answered by the coordinator, checked in the data",
        "All of them are answered; none is older than three days now",
    ),
    "Correct the date on the consent form of one subject by a note to file": (
        "The note to file was written and signed",
        "Note to file signed by the investigator and kept with the form",
    ),
    "Send the calibration certificate of the refrigerator": (
        "Received by mail and filed",
        "Calibrated again; the certificate was seen during the visit",
    ),
    "Record the concomitant medication of two subjects": (
        "Recorded for both subjects, checked in the data",
        "Entered from the source by the coordinator; seen during the visit",
    ),
    "Have the investigator sign the laboratory reports of last month": (
        "Signed and dated by the investigator; seen during the visit",
        "All reports are signed; the site sent copies",
    ),
    "Return the expired kits to the depot": (
        "Returned; the depot confirmed the receipt",
        "Picked up by the courier, the return form is filed",
    ),
    "Name who stands in for the coordinator during leave": (
        "The second nurse stands in; she is on the delegation log",
        "Settled with the investigator by telephone; the deputy is trained",
    ),
    "File the approval of the recruitment leaflet": (
        "Filed and seen in the copy the site sent",
        "The committee's letter is in the site file",
    ),
    "Complete the training record of the new nurse": (
        "Training completed and signed; the record was seen",
        "The record is complete and filed",
    ),
    "Send the discharge letter of the serious event": (
        "Received and passed on to safety",
        "The letter came from the ward and was added to the event",
    ),
    "Update the subject visit log": (
        "Updated by the coordinator; seen during the visit",
        "The log is current; the site sent a copy",
    ),
    "Enter the visits of the last two weeks": (
        "All visits are entered, checked in the data",
        "Entered by the coordinator; the pages were verified from afar",
    ),
    "Send the curriculum vitae of the pharmacist, signed and dated": (
        "Received by mail and filed",
        "Signed and dated copy received and filed",
    ),
    "Explain the missing temperature readings in a note to file": (
        "The note to file was written and signed",
        "The pharmacist's note is filed with the print of the logger",
    ),
    "Order new sample tubes before the present ones expire": (
        "Ordered; the delivery arrived",
        "New tubes are there and the old ones were thrown away",
    ),
    "Confirm the shipping address for samples": (
        "Confirmed by the laboratory and changed on the form",
        "Settled with the coordinator by telephone; the address is right",
    ),
    "Have the protocol amendment signature page signed": (
        "Signed by the investigator; received and filed",
        "The signed page was seen during the visit",
    ),
    "Sort the approvals in section 3 of the site file": (
        "Sorted by the coordinator; seen during the visit",
        "Section 3 is in order",
    ),
    "Check the time of the last dose against the diary of one subject": (
        "Checked: diary and data agree",
        "The time was corrected in the data after the diary",
    ),
    "Ask for the source of the historic diagnosis of one subject": (
        "The family doctor's letter came and is with the source",
        "The former hospital sent its report; seen during the visit",
    ),
    "File the minutes of the initiation training": (
        "Minutes filed with the list of those present",
        "Filed and seen in the copy the site sent",
    ),
    "Send the financial disclosure form of the sub-investigator": (
        "Received by mail and filed",
        "Signed form received and filed",
    ),
}

# By category: (how many of a hundred, sentences).
DEVIATIONS = {
    "WINDOW": (32, (
        "{visit} took place {days} {side} its window: the subject was on holiday",
        "{visit} took place {days} {side} its window because of a public holiday",
        "{visit} took place {days} {side} its window; no other appointment was free",
        "{visit} took place {days} {side} its window: the subject was ill",
    )),
    "MISSED_ASSESSMENT": (24, (
        "The questionnaire was not filled in at {visit}",
        "Blood for the central laboratory was not drawn at {visit}",
        "The score was taken by somebody who is not trained for it at {visit}",
        "Vital signs were not measured before the dose at {visit}",
    )),
    "DOSING": (13, (
        "Two doses were missed between visits; the subject forgot the product while travelling",
        "The evening dose was taken in the morning for five days",
        "One dose more than prescribed was taken by mistake; no symptom was reported",
    )),
    "SAMPLE": (11, (
        "The sample of {visit} thawed on its way and could not be analysed",
        "The tube of {visit} was labelled with the number of another visit; corrected with the laboratory",
        "The sample was processed forty minutes late at {visit}",
    )),
    "CONSENT": (6, (
        "The subject signed the former version of the consent form; the current one was signed at the next visit",
        "The time of consent is not recorded; the order of procedures cannot be shown from the form alone",
    )),
    "PROHIBITED_MEDICATION": (6, (
        "A prohibited treatment was used for three days after advice by the family doctor",
        "A medicine that needs a washout was taken eight days before day 1",
    )),
    "ELIGIBILITY": (3, ("A laboratory value was outside the limit at screening and was repeated only after day 1",)),
    "OTHER": (5, (
        "The diary was not returned",
        "Unused product was not brought back to {visit}",
    )),
}  # fmt: skip
ACTIONS = (
    "The subject was informed and the team was reminded",
    "Recorded in the source; the coordinator keeps a calendar of windows now",
    "Explained in a note to file",
    "",
)

# Who is met at a site nobody is named at yet.
MET = "The study coordinator"

RETURNED = (
    "1. Informed consent: say which version the two new subjects signed. "
    "2. Source data: how many subjects were verified, and which not? "
    "3. Safety: the event of the last report is not followed up here. "
    "4. Product: give the date of the last temperature reading. "
    "5. Summary: the conclusion does not mention the open item on delegation."
)
COMPLETED = (
    "The records of two subjects were with the ward and are seen next time; the return of product is agreed."
)
