"""
The artifacts of the TMF Reference Model 3.3.1 by number and name, with their levels.

Numbers, names and levels are what everybody files by. The workbook's definitions and milestones come with its import.
"""

from django.db import migrations

# Z zone, S section; else: last part of the number, Core or Recommended, levels (Trial, Country, Site), whose file
# (sponsor, investigator), unique number, name.
ARTIFACTS = """
Z 01 Trial Management
S 01.01 Trial Oversight
01 R T s 1 Trial Master File Plan
02 R TC s 2 Trial Management Plan
03 R TC s 3 Quality Plan
04 C TC s 4 List of SOPs Current During Trial
05 R TC si 5 Operational Procedure Manual
06 R TCS s 6 Recruitment Plan
07 R TC s 7 Communication Plan
08 C TCS s 8 Monitoring Plan
09 C T s 9 Medical Monitoring Plan
10 R T s 10 Publication Policy
11 R TS s 11 Debarment Statement
12 R TC s 12 Trial Status Report
13 R TC si 13 Investigator Newsletter
14 C TCS s 14 Audit Certificate
15 R TCS s 15 Filenote Master List
16 R T s 236 Risk Management Plan
17 R T s 237 Vendor Management Plan
18 C TC s 181 Roles and Responsibility Matrix
19 C TC s 247 Transfer of Regulatory Obligations
20 C T s 248 Operational Oversight
S 01.02 Trial Team
01 C TC s 16 Trial Team Details
02 C TC s 17 Trial Team Curriculum Vitae
S 01.03 Trial Committee
01 C T s 18 Committee Process
02 C T s 19 Committee Member List
03 C T s 20 Committee Output
04 C T s 249 Committee Member Curriculum Vitae
05 C T s 250 Committee Member Financial Disclosure Form
06 C T s 251 Committee Member Contract
07 C T s 252 Committee Member Confidentiality Disclosure Agreement
S 01.04 Meetings
01 C TC s 24 Kick-off Meeting Material
02 C TC s 25 Trial Team Training Material
03 C TC si 26 Investigators Meeting Material
04 C TC s 253 Trial Team Evidence of Training
S 01.05 General
01 C TC s 27 Relevant Communications
02 R TCS s 28 Tracking Information
03 C TC s 29 Other Meeting Material
04 C TCS s 30 Filenote
Z 02 Central Trial Documents
S 02.01 Product and Trial Documentation
01 C TC si 31 Investigator's Brochure
02 C TCS si 32 Protocol
03 C TC s 33 Protocol Synopsis
04 C TCS si 34 Protocol Amendment
05 R TCS s 35 Financial Disclosure Summary
06 C TC si 36 Insurance
07 C T si 37 Sample Case Report Form
10 C TC - 239 Report of Prior Investigations
11 C TC si 254 Marketed Product Material
S 02.02 Subject Documentation
01 C TC si 38 Subject Diary
02 C TC si 39 Subject Questionnaire
03 C TCS si 40 Informed Consent Form
04 C TCS si 41 Subject Information Sheet
05 C TC si 42 Subject Participation Card
06 C TCS si 43 Advertisements for Subject Recruitment
07 C TCS si 44 Other Information Given to Subjects
S 02.03 Reports
01 C T si 45 Clinical Study Report
02 R T s 47 Bioanalytical Report
S 02.04 General
01 C TCS s 48 Relevant Communications
02 R TC s 49 Tracking Information
03 C TC s 50 Meeting Material
04 C TCS s 51 Filenote
Z 03 Regulatory
S 03.01 Trial Approval
01 R TC s 52 Regulatory Submission
02 C TC si 53 Regulatory Authority Decision
03 C C s 54 Notification of Regulatory Identification Number
04 C TC s 55 Public Registration
S 03.02 Investigational Medicinal Product
01 C C s 56 Import or Export License Application
02 C C si 57 Import or Export Documentation
S 03.03 Trial Status Reporting
01 C C s 58 Notification of Safety or Trial Information
02 C C s 59 Regulatory Progress Report
03 C C s 60 Regulatory Notification of Trial Termination
S 03.04 General
01 C TC s 61 Relevant Communications
02 R TCS s 62 Tracking Information
03 C TC s 63 Meeting Material
04 C TC s 64 Filenote
Z 04 IRB or IEC and other Approvals
S 04.01 IRB or IEC Trial Approval
01 C CS si 65 IRB or IEC Submission
02 C CS si 66 IRB or IEC Decision
03 C CS si 67 IRB or IEC Composition
04 C CS si 68 IRB or IEC Documentation of Non-Voting Status
05 C CS si 69 IRB or IEC Compliance Documentation
S 04.02 Other Committees
01 R CS si 70 Other Submissions
02 C CS si 71 Other Approvals
S 04.03 Trial Status Reporting
01 C CS si 72 Notification to IRB or IEC of Safety Information
02 C CS si 73 IRB or IEC Progress Report
03 C CS si 74 IRB or IEC Notification of Trial Termination
S 04.04 General
01 C TCS si 75 Relevant Communications
02 R TCS s 76 Tracking Information
03 C TCS s 77 Meeting Material
04 C TCS s 78 Filenote
Z 05 Site Management
S 05.01 Site Selection
01 R TCS si 79 Site Contact Details
02 C S si 80 Confidentiality Agreement
03 R TCS si 81 Feasibility Documentation
04 C S s 82 Pre Trial Monitoring Report
05 R TC s 83 Sites Evaluated but not Selected
S 05.02 Site Set-up
01 R S si 84 Acceptance of Investigator Brochure
02 C S si 85 Protocol Signature Page
03 C S si 86 Protocol Amendment Signature Page
04 C S si 87 Principal Investigator Curriculum Vitae
05 C S si 88 Sub-Investigator Curriculum Vitae
06 C S si 89 Other Curriculum Vitae
07 R S si 90 Site Staff Qualification Supporting Information
08 C S si 91 Form FDA 1572
09 C S si 92 Investigator Regulatory Agreement
10 C S si 93 Financial Disclosure Form
11 R S si 94 Data Privacy Agreement
12 C S si 95 Clinical Trial Agreement
13 C CS si 96 Indemnity
14 C S si 97 Other Financial Agreement
17 R S s 100 IP Site Release Documentation
18 C S si 101 Site Signature Sheet
19 C S - 240 Investigators Agreement (Device)
20 R C si 255 Coordinating Investigator Documentation
S 05.03 Site Initiation
01 C S si 102 Trial Initiation Monitoring Report
02 C TCS si 103 Site Training Material
03 C TCS si 104 Site Evidence of Training
S 05.04 Site Management
01 C S si 105 Subject Log
02 R TS si 106 Source Data Verification
03 C S s 107 Monitoring Visit Report
04 C S si 108 Visit Log
05 C S s 109 Additional Monitoring Activity
06 C TS si 110 Protocol Deviations
07 R S si 111 Financial Documentation
08 C S s 112 Final Trial Close Out Monitoring Report
09 C TS si 113 Notification to Investigators of Safety Information
10 C S i 234 Subject Identification Log
11 C S i 235 Source Data
12 C S si 241 Monitoring Visit Follow-up Documentation
13 R S si 256 Subject Eligibility Verification Forms and Worksheets
S 05.05 General
01 C TCS si 114 Relevant Communications
02 R TCS si 115 Tracking Information
03 C TCS si 116 Meeting Material
04 C TCS si 117 Filenote
Z 06 IP and Trial Supplies
S 06.01 IP Documentation
01 R TC s 118 IP Supply Plan
02 C TC si 119 IP Instructions for Handling
03 C TC si 120 IP Sample Label
04 C TCS si 121 IP Shipment Documentation
05 C TCS si 122 IP Accountability Documentation
06 C TCS si 123 IP Transfer Documentation
07 C TCS si 124 IP Re-labeling Documentation
08 C TCS si 125 IP Recall Documentation
09 C TCS si 126 IP Quality Complaint Form
10 C TCS si 127 IP Return Documentation
11 C TCS si 128 IP Certificate of Destruction
12 C TCS si 242 IP Retest and Expiry Documentation
S 06.02 IP Release Process Documentation
01 C TC si 129 QP (Qualified Person) Certification
02 C TC s 130 IP Regulatory Release Documentation
03 C TCS si 131 IP Verification Statements
04 C T s 132 Certificate of Analysis
S 06.03 IP Allocation Documentation
01 C TS si 133 IP Treatment Allocation Documentation
02 C TS si 134 IP Unblinding Plan
03 C TS si 135 IP Treatment Decoding Documentation
S 06.04 Storage
01 C TCS si 136 IP Storage Condition Documentation
02 C TCS si 137 IP Storage Condition Excursion Documentation
03 C TS si 243 Maintenance Logs
S 06.05 Non-IP Documentation
01 R T s 138 Non-IP Supply Plan
02 R TS si 139 Non-IP Shipment Documentation
03 R TS si 140 Non-IP Return Documentation
04 R TS si 259 Non-IP Storage Documentation
S 06.06 Interactive Response Technology
01 C T s 141 IRT User Requirement Specification
02 C T s 142 IRT Validation Certification
03 C T s 143 IRT User Acceptance Testing (UAT) Certification
04 C T si 144 IRT User Manual
05 C TCS si 145 IRT User Account Management
S 06.07 General
01 C TCS si 146 Relevant Communications
02 R TCS s 147 Tracking Information
03 C T s 148 Meeting Material
04 C TCS s 149 Filenote
Z 07 Safety Reporting
S 07.01 Safety Documentation
01 C T s 150 Safety Management Plan
02 C T si 151 Pharmacovigilance Database Line Listing
S 07.02 Trial Status Reporting
01 C TS si 152 Expedited Safety Report
02 C TS si 153 SAE Report
03 C TS si 154 Pregnancy Report
04 C TS si 155 Special Events of Interest
S 07.03 General
01 C TS si 156 Relevant Communications
02 R TCS s 157 Tracking Information
03 C T s 158 Meeting Material
04 C TS s 159 Filenote
Z 08 Central and Local Testing
S 08.01 Facility Documentation
01 C TCS si 160 Certification or Accreditation
02 C TCS s 161 Laboratory Validation Documentation
03 C TCS si 162 Laboratory Results Documentation
04 C TCS si 163 Normal Ranges
05 R TCS si 164 Manual
06 C TCS s 165 Supply Import Documentation
07 R TCS si 166 Head of Facility Curriculum Vitae
08 C TCS s 167 Standardization Methods
S 08.02 Sample Documentation
01 R TCS s 168 Specimen Label
02 R TCS si 169 Shipment Records
03 R TCS si 170 Sample Storage Condition Log
04 C TCS si 171 Sample Import or Export Documentation
05 C TCS si 172 Record of Retained Samples
S 08.03 General
01 C TCS si 173 Relevant Communications
02 R TCS s 174 Tracking Information
03 C TCS s 175 Meeting Material
04 C TCS s 176 Filenote
Z 09 Third parties
S 09.01 Third Party Oversight
01 C TC s 177 Qualification and Compliance
02 C TC s 257 Third Party Curriculum Vitae
03 R TC s 258 Ongoing Third Party Oversight
S 09.02 Third Party Set-up
01 C TC s 178 Confidentiality Agreement
02 R TC s 179 Vendor Selection
03 C TC s 180 Contractual Agreement
S 09.03 General
01 C TC s 182 Relevant Communications
02 R TC s 183 Tracking Information
03 C TC s 184 Meeting Material
04 C TC s 185 Filenote
Z 10 Data Management
S 10.01 Data Management Oversight
01 R T s 186 Data Management Plan
S 10.02 Data Capture
01 C TC si 187 CRF Completion Requirements
02 R T s 188 Annotated CRF
04 C S si 190 Documentation of Corrections to Entered Data
05 C S si 191 Final Subject Data
S 10.03 Database
01 C T s 192 Database Requirements
02 C T s 193 Edit Check Plan
03 C T s 194 Edit Check Programming
04 C T s 195 Edit Check Testing
05 C T s 196 Approval for Database Activation
06 C T s 197 External Data Transfer Specifications
07 C T s 198 Data Entry Guidelines (Paper)
08 C T s 199 SAE Reconciliation
09 C T s 200 Dictionary Coding
10 C T s 201 Data Review Documentation
11 C T s 202 Database Lock and Unlock Approval
12 C T s 244 Database Change Control
S 10.04 EDC Management
01 C TS si 204 System Account Management
02 C T si 245 Technical Design Document
03 C T si 246 Validation Documentation
S 10.05 General
01 C TCS s 205 Relevant Communications
02 R TCS s 206 Tracking Information
03 C T s 207 Meeting Material
04 C TCS s 208 Filenote
Z 11 Statistics
S 11.01 Statistics Oversight
01 C T s 209 Statistical Analysis Plan
02 C T s 210 Sample Size Calculation
S 11.02 Randomization
01 C T s 211 Randomization Plan
02 C T s 212 Randomization Procedure
03 C TC s 213 Master Randomization List
04 C T s 214 Randomization Programming
05 C T s 215 Randomization Sign Off
06 C T si 216 End of Trial or Interim Unblinding
S 11.03 Analysis
01 C T s 217 Data Definitions for Analysis Datasets
02 C T s 218 Analysis QC Documentation
03 C T s 219 Interim Analysis Raw Datasets
04 C T s 220 Interim Analysis Programs
05 C T s 221 Interim Analysis Datasets
06 C T s 222 Interim Analysis Output
07 C T s 223 Final Analysis Raw Datasets
08 C T s 224 Final Analysis Programs
09 C T s 225 Final Analysis Datasets
10 C T s 226 Final Analysis Output
11 C T s 227 Subject Evaluability Criteria and Subject Classification
S 11.04 Report
01 C T s 228 Interim Statistical Report(s)
02 C T s 229 Statistical Report
S 11.05 General
01 C T s 230 Relevant Communications
02 R T s 231 Tracking Information
03 C T s 232 Meeting Material
04 C T s 233 Filenote
"""
VERSION = "3.3.1"
UNBLINDED = ("06.01.04", "06.01.05", "06.01.06", "06.03.", "11.02.03", "11.02.04")


def read_artifacts():
    """Yield the fields of each artifact."""
    zone = section = ("", "")
    for line in ARTIFACTS.strip().splitlines():
        mark, _space, rest = line.partition(" ")
        if mark in ("Z", "S"):
            number, _space, name = rest.partition(" ")
            zone, section = ((number, name), section) if mark == "Z" else (zone, (number, name))
            continue
        required, levels, files, unique, name = rest.split(" ", 4)
        number = f"{section[0]}.{mark}"
        yield {
            "number": number,
            "name": name,
            "zone_number": zone[0],
            "zone_name": zone[1],
            "section_number": section[0],
            "section_name": section[1],
            "unique_id": int(unique),
            "requiredness": {"C": "CORE", "R": "RECOMMENDED"}[required],
            "at_trial": "T" in levels,
            "at_country": "C" in levels,
            "at_site": "S" in levels,
            "filed_by_sponsor": "s" in files,
            "filed_by_investigator": "i" in files,
            "unblinded_by_default": number.startswith(UNBLINDED),
        }


def create_artifacts(apps, schema_editor):
    """Make the version and its artifacts, and put it in use as everybody would: nothing begins there."""
    versions = apps.get_model("documents", "ReferenceModel").objects
    version = versions.create(version_label=VERSION)
    versions.filter(pk=version.pk).update(status="CURRENT")
    Artifact = apps.get_model("documents", "Artifact")
    for fields in read_artifacts():
        Artifact.objects.create(reference_model=version, **fields)


class Migration(migrations.Migration):
    dependencies = [("documents", "0001_initial")]
    operations = [migrations.RunPython(create_artifacts, migrations.RunPython.noop)]
