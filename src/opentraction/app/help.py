"""What the commands say of themselves: purpose, what they read and write, an example, exit codes."""

from __future__ import annotations

import argparse
from typing import Final

EXIT_CODES: Final = "Exit codes: 0 completed, 2 bad input, 3 stopped by a person, 4 not permitted, 5 fault."

OF_COMMAND: Final = {
    "run": "Exit codes: 0 ended by Ctrl-C, 2 bad input, 5 a process died.",
    "treat": "Exit codes: 0 completed, 2 bad input, 3 stopped by a person, 4 not permitted, 5 fault;\n"
    "129, 130, 143 left at once (SIGHUP, Ctrl-C, SIGTERM, the second time).",
    "rehearse": "Exit codes: 0 may be pulled, 2 bad input, 4 a bound forbids it.",
    "protocols": "Exit codes: 0 listed, 2 bad input.",
    "course": "Exit codes: 0 a session may begin, 2 bad input, 4 none may begin now.",
    "screen": "Exit codes: 0 OK or CAUTION, 2 bad input, 4 treatment is not allowed.",
    "recover": "Exit codes: 0 closed, or closed already; 2 bad input, or it cannot be closed; 5 the disk fails.",
    "estimate": "Exit codes: 0 reckoned, 2 bad input; then nothing is written.",
    "simulate": "Exit codes: 0 played, 2 bad input, 3 fewer than 19 bodies in 20 bear it; then nothing is written.",
    "validate": "Exit codes: 0 every calibration row and four predictions in five inside, 2 bad input, 4 fewer.",
    "twin": "Exit codes: 0 fitted, or predicted within 5 %; 2 bad input, 3 a recording without a usable pull;\n"
    "4 a hold of the recorded session lies farther off than 5 %.",
    "report": "Exit codes: 0 written, 2 bad input or no recording, 5 the disk fails.",
    "score": "Exit codes: 0 told, 2 bad input.",
    "claims": "Exit codes: 0 clean, 2 bad input, 4 a claim was found.",
    "explore": "Exit codes: 0 every law holds, 2 bad input, 4 one is broken.",
    "campaign": "Exit codes: 0 nothing was broken, 2 bad input, 4 something was.",
    "replay": "Exit codes: 0 nothing was broken in it, 2 bad input, 4 something was.",
    "alarms": "Exit codes: 0 told, written or played; 2 bad input, 5 the log is not whole.",
    "table": "Exit codes: 0 ended when asked to, 2 bad input, 5 fault.",
    "bus": "Exit codes: 0 ended when asked to, 2 bad input.",
    "nodes": "Exit codes: 0 ended when asked to, 2 bad input.",
    "guard": "Exit codes: 0 ended when asked to, 2 bad input.",
    "spine": "Exit codes: 0 ended when asked to, 2 bad input.",
    "specialists": "Exit codes: 0 done, 2 bad input. An import that was killed goes on where it was.",
    "user": "Exit codes: 0 done, 2 bad input; then nothing has changed.",
    "clinic": "Exit codes: 0 done, 2 bad input; then nothing has changed.",
    "audit": "Exit codes: 0 whole or exported, 2 bad input, 5 the record is not whole.",
    "export": "Exit codes: 0 written, 2 bad input, 5 the disk fails.",
    "backup": "Exit codes: 0 written, 2 bad input, 5 the disk fails; then there is no file of that name.",
    "restore": "Exit codes: 0 restored and proved, 2 bad input, or the backup is not whole; then nothing is there.",
    "move": "Exit codes: 0 moved and compared, 2 bad input; then the clinic is where it was.",
}

RUN: Final = """\
Start a simulated table, the console and the model of the spine, make a demo clinic at the first start, print address
and sign-in. Ctrl-C releases what is pulled and ends every process within 5 s. A console or model that dies is started
again while the table pulls on; if this program itself is killed, the table releases and all end by themselves.
With --table bus the table stands on a CANopen bus: a hub, simulated nodes and the guard are started as processes of
their own, and again when they die; the table lets go without them, and goes on with the next session.
OPENTRACTION_TABLE says the same. Alarms sound where this machine has a player; OPENTRACTION_SOUND=none is silence.

keeps in DATA: clinic.sqlite3 (the database), recordings/ (a folder a session), table/ (lockouts, alarms), demo-password

example:
  opentraction run --data clinic --port 8080
"""

TREAT: Final = """\
Treat a simulated patient with a prescription and keep everything a real session would.

A scripted clinician ticks the checklist, has the patient test the remote, arms and starts; from there the shipping
control and guard code pulls a modelled body on a modelled table. The same seed gives the same rows to the last bit.

reads two TOML files, such as examples/prescription.toml and examples/patient.toml; every amount in them carries its
unit ("75 lb", "0.5 BW - 10 lb", "30 min"). docs/clinician/prescriptions.md says all that can be written.

events, as TIME:WHAT[:STRENGTH][:DURATION], TIME counted from the start of the pull:
  600s:patient-stop     the patient presses the remote and keeps it pressed
  600s:clinician-stop   the clinician presses the stop
  90s:cough:120N        also sneeze, spasm:150N:2s, shift:8mm, harness-slip:20mm, sit-up
  5min:cable-break      also power-loss, power-back, remote-unplugged, remote-plug, remote-release, clinician-reset
  10min:change=FILE     another prescription takes over at the next pull/rest boundary

--spine says what lies on the table: springs that creep, in a hundredth of a second; or the column of simulate (discs,
water, memories, as far as the patient's size, age and grade say), in some seconds. Either takes the same path.

writes into DIR, and overwrites nothing:
  session.edf           every control tick, 200 Hz, as EDF+ with events; opens in any EDF reader
  documents.jsonl       what happened, in order, a JSON object a line, chained by hash
  summary.json          ending, forces [N], accuracy, how fast it let go, seed, what lay there
  report.pdf, chart.svg the report for the file, and its curve

with --intake it screens that person first (see opentraction screen): where treatment is not allowed it says why,
pulls nothing, writes nothing, exit code 4. Without it a simulated patient is pulled, whom nobody screened.

asked to end (Ctrl-C, SIGTERM, SIGHUP): it releases as a table would, closes and writes all files, exit code 3. Asked
again it leaves at once with 128 + the signal's number; the recording can be read, and recover closes it.

example:
  opentraction treat vax-d-1997 --patient examples/patient.toml --out out --event 600s:patient-stop
"""

REHEARSE: Final = """\
Say in plain words what a prescription would do to one patient: forces, times, force-time dose,
every bound it meets or breaks; and draw the curve. Nothing moves.

reads two TOML files, such as examples/prescription.toml and examples/patient.toml; --svg writes an SVG picture.
docs/clinician/prescriptions.md says all that can be written.

example:
  opentraction rehearse vax-d-1997 --patient examples/patient.toml --unit lb --svg curve.svg
"""

PROTOCOLS: Final = """\
List the published protocols that are shipped, by the name that treat and rehearse take.

example:
  opentraction protocols
  opentraction rehearse kdt-first-visit --patient examples/patient.toml
"""

SIMULATE: Final = """\
Play a scenario: a person, or a specimen on a testing machine, through stages of posture, pull and load, from seconds to
weeks. Many bodies are drawn from the spreads of the parameters, measured or guessed; every number is their median with
a 90 % band.
All of it is modelled. docs/researcher/simulate.md says all that can be written, and what the model is worth.

reads a scenario file, such as examples/scenario.toml, and the prescription it names, beside it or shipped; only --json
writes a file. With --samples 1 the typical body is played, without a band. The first play compiles the model, once.

examples:
  opentraction simulate examples/scenario.toml
  opentraction simulate examples/scenario.toml --json out.json --samples 200 --at 0s,30s,20min
"""

VALIDATE: Final = """\
Play every published measurement of real spines that is shipped, or those of a file, and say what was measured, what the
model makes of it with its 90 % band, and whether one lies inside the other; misses come first. Rows marked "set by" had
a part in choosing parameters; the others are predictions. docs/researcher/validation.md shows the last run,
docs/researcher/own-rows.md how rows of one's own are written. A row that cannot be played counts as outside.

only --json writes a file.

examples:
  opentraction validate
  opentraction validate --row twomey-1985 --samples 200 --json out.json
  opentraction validate --rows own.toml
"""

TWIN: Final = """\
Fit stiffness, friction, creep and guarding of one person to their recorded sessions, each with a 90 % band; then let
the twin's own loop play the plan of their next session, and hold that beside what was recorded. All of it is modelled.
docs/researcher/own-twin.md says what is fitted, and what it is worth.

reads folders with session.edf and documents.jsonl; only --json and --picture write a file. Several sessions are fitted
together if mass, couch and angle of pull are the same. predict ends with exit code 4 where a hold lies farther off than
5 %; how many moments lie in the band does not count.

examples:
  opentraction twin fit monday --json fit.json
  opentraction twin fit wednesday friday --json both.json
  opentraction twin predict fit.json --recording friday --picture friday.svg
"""

COURSE: Final = """\
Say what the next session of a course should be: its force and length, and which rule says so; what must be asked
first; when to stop and refer; and which days are still to come. It advises; a clinician prescribes and signs.

reads a course file, such as examples/course.toml, and the patient file it names. docs/clinician/course.md says all
that can be written, and lists the rules. Only with --prescription and --out does it write a file.

example:
  opentraction course examples/course.toml
  opentraction course examples/course.toml --prescription examples/prescription.toml --out session-3.toml
"""

SCREEN: Final = """\
Ask every rule of the screening book whether a person may be treated, and say the worst of their answers in plain
words: EMERGENCY, REFER_URGENT, EXCLUDE, REFER, HOLD, CAUTION or OK, with each reason, its source, what is not known
yet and what to do next. An answer that is not known is never taken for a no.

reads a TOML file, such as examples/intake.toml; docs/clinician/screening.md lists every question and every rule.

example:
  opentraction screen examples/intake.toml --today 2026-03-31
  opentraction screen examples/intake.toml --json --letter letter.pdf
"""

RECOVER: Final = """\
Close a recording that was cut off (a kill, a power cut): torn ends are removed, the session is marked as
interrupted, every logged event is written into the waveform file, and summary.json is made from what is there.
Nothing whole is lost. Running it twice is harmless; a closed recording is left alone.

Refused, and left exactly as it is: a folder without a log, a log that was altered, a waveform file with damage in
its middle, a session that is still being recorded. The table process does this by itself when it starts.

example:
  opentraction recover var/recordings/3f0c6c9e-5d8e-4f39-9d5e-0a4f4c1b2a77
"""

REPORT: Final = """\
Write the report of a recording: one page of PDF/A with the prescription, the curve against it, the accuracy,
every stop and alarm, and who signs (more pages only for a very long list of events). It reads the recording only; the
patient is the pseudonym. The console's session page prints the same report with the name.

example:
  opentraction report out --unit lb --letter --out report.pdf
"""

SCORE: Final = """\
Score filled-in questionnaires by their own rules and say what changed since the first, against the smallest worthwhile
difference. An answer that is left out is missing, never 0. docs/clinician/outcomes.md lists the instruments.

reads a TOML file: [[forms]] with instrument = "rmdq", on = "2026-11-02", answers = { q1 = "yes", q2 = "no" }.

example:
  opentraction score forms.toml
  opentraction score forms.toml --json
"""

ESTIMATE: Final = """\
Say what a course would cost: if it ends at a review, as planned, and at the most; what the way asks; and whether a
payer would pay. Money is whole cents; nobody's odds are known, so no figure is called likely.

reads one TOML file, such as examples/estimate.toml; docs/clinician/money.md says all that can be written. --pdf writes
the good-faith estimate that people in the United States get who pay themselves.

example:
  opentraction estimate examples/estimate.toml --pdf estimate.pdf
"""

CLAIMS: Final = """\
Find what a text about this therapy promises that nobody has shown, and say what to write instead: freedom from risk,
healing, rates of success without a comparison, an approval that is a clearance, payment by insurers, and more.

A denial or a question is no claim. A claim that is quoted is marked in a comment before its paragraph, element or
value: <!-- claims: quoted --> in Markdown and HTML, # claims: quoted in TOML, PO and Python. The rules are a program's
reading, not a lawyer's.

example:
  opentraction claims README.md leaflet.html --json
"""

EXPLORE: Final = """\
Walk every course that control, guard, drive, stops, load cells and people can take together, tick by tick, with up to
three faults of 18 kinds in any order, and hold each tick against twelve laws. Control's part is its own shipping code.
The shortest way to a broken law is printed. Three faults make 14 million moments: half a minute, 1.5 GB of memory.

safeguards that --without leaves out, to see what each is for:
  latch       what the guard has tripped stays tripped until another session
  pulse       the drive pulls only while the guard's permission keeps coming
  beat        the drive lets go when control falls silent
  relays      a hard-wired timer behind each channel of a stop takes the torque away
  guard-stop  the guard sees the stops by itself
  release     the guard lets the cable out where control does not
  timed       the guard takes the torque away when a release is not done in time
  gear        a loaded cable turns the drum when the torque is off

examples:
  opentraction explore
  opentraction explore --without latch
"""

CAMPAIGN: Final = """\
Play sessions of about a minute in which something breaks: 75 faults in 12 phases, alone or two or three at once, on
drawn bodies, with the shipping control and guard, a bus that loses and delays between them, and a stop pressed in half
of them. What is judged is the true force of the simulated cable. The same seed gives the same traces on any machine.

examples:
  opentraction campaign --runs 20000 --seed 7 --jobs 2
  opentraction campaign --defect guard-no-latch
"""

REPLAY: Final = """\
Draw one run of a campaign: force, what was prescribed, what the drum did, and where the fault came.

example:
  opentraction replay 497 --seed 7
"""

TABLE: Final = """\
Run the table process alone: control loop, guard and recorder of a simulated table behind a Unix socket.
SIGTERM, SIGINT or SIGHUP releases what is pulled, closes the recording, then ends. It speaks JSON, one message a
packet; docs/contributor/seams.md lists the requests. opentraction run starts one by itself.

--sound says what plays alarms at the table. auto takes pw-play, paplay or aplay, whichever is there, else the bell of
the terminal. A process of its own plays; it goes on for two minutes where this one is lost under a pull.

--bus is a table on a CANopen bus instead: its guard is a process of its own there (opentraction guard), which has to
run for anything to be pulled. docs/engineer/bus.md says what crosses the bus.

example:
  opentraction table --socket var/table.socket --data var
  opentraction table --socket var/table.socket --data var --bus socketcan:can0
"""

BUS: Final = """\
Pass CAN frames on between processes of this machine, over a Unix socket at PATH. Whoever is plugged in hears what all
others send, in one order. python-can finds it as can.Bus(interface="opentraction", channel=PATH). SIGTERM ends it.

example:
  opentraction bus --bus var/bus
"""

NODES: Final = """\
Simulate the nodes of a table on a bus: a CiA 402 drive, two CiA 404 load cells, a CiA 401 node for the switches and the
guard's relay, and the physics behind them. The drive gives the SYNC, 200 times a second. Another patient and mishaps
come through a socket beside the bus, PATH.simulation. SIGTERM ends it.

--gear holds is a gear that a loaded cable does not turn back: without torque the patient stays pulled. Such a gear
cannot be used; it is here to be shown.

example:
  opentraction nodes --bus var/bus --seed 7
"""

GUARD: Final = """\
Watch a table on a bus: its own load cell, drum and stops, and what control says of itself. Its word lets pull, holds
back or lets out; without it nothing pulls, so ending this process ends the pull. SIGTERM ends it.

example:
  opentraction guard --bus var/bus
"""

ALARMS: Final = """\
Say of every alarm of the table: priority, words on the screen, when it comes and how soon, what the table does by
itself, what you do. Priorities also sound, at the table: --out writes the sounds as WAV files, --play plays one here.
--log tells what alarms there were at the table, with what was measured and who acknowledged them.
docs/clinician/alarms.md is the same book as a page.

example:
  opentraction alarms
  opentraction alarms --out sounds
  opentraction alarms --log --data var
"""

SPINE: Final = """\
Hear the table process and follow the modelled spine of whoever lies on it, for the pages of the console. It asks the
table for nothing; without it the pull and its record are the same. opentraction run starts one by itself.

example:
  opentraction spine --socket var/table.socket --data var
"""

USER: Final = """\
Say who may sign in to the console, and as what: front-desk finds and registers patients; therapist treats; clinician
also prescribes and signs; administrator says who works here; auditor reads who did what. Several roles add up; anyone
signed in may stop. Each act leaves a row under "Who did what" with the author "command line". Users are never deleted:
what they signed and did stays theirs.

The password is asked for twice without showing it, or read from the first line of standard input.

example:
  opentraction user add ann --role clinician
  opentraction user list
"""


CLINIC: Final = """\
List the clinics of this installation, or add one. Each has patients and people of its own; whoever works in several
chooses one at the top of the page. An administrator of the clinic writes its address and house rules in the console.

example:
  opentraction clinic add "North clinic"
  opentraction user add eve --role administrator --clinic "North clinic"
"""


SPECIALISTS: Final = """\
Keep a directory of who treats spines, and search it by distance, profession, language and name. Being listed proves
no licence: a page of each shows what was checked, by whom and when.

import reads, as a stream and in the same memory however long it is:
  the public registry of the United States (NPPES): npidata_pfile as CSV or in its ZIP, whole or a weekly update;
  its list of deactivated numbers, saved as CSV (columns NPI and NPPES Deactivation Date);
  a CSV of your own: name, registry, number, specialties, and more in docs/clinician/specialists.md.
Killed, it goes on where it was when the same command is given again. Nothing comes in twice.

example:
  opentraction specialists import npidata.zip --data clinic
  opentraction specialists search --near 78701 --specialty chiropractor --data clinic
"""


AUDIT: Final = """\
Check the record of who did and who read what. Each row carries a hash of itself and of the row before it; how long the
record is, and with which hash it ends, stands in the database and in the file audit-head beside it. An altered row, one
taken out, another order and a cut-off end are each told with the place.

Each exported line holds everything its hash covers: SHA-256 of the JSON list [prev, at, by_id, act, subject, detail,
form, clinic_id, patient_id, page], keys sorted, no spaces; of rows without form the first six.

example:
  opentraction audit check
  opentraction audit export --out acts.jsonl
"""

EXPORT: Final = """\
Write everything that is kept about a patient: record.json with every row, index.html to read, signed papers,
recordings, and a SHA-256 of each file. The export stands in the record of acts. The file is named by the pseudonym.

example:
  opentraction export P-017 --out handed-over
"""

BACKUP: Final = """\
Write database, recordings, lockouts and the head of the record of acts into one file, while everything runs. It gets
its name only when it is whole and on the disk; what an ended backup left behind ends in .part and can be deleted. The
file is not encrypted: keep it on an encrypted disk. Without --with-key a restored clinic makes a key of its own.

example:
  opentraction backup --out /mnt/safe/clinic-2026-03-04.backup
"""

RESTORE: Final = """\
Put a backup into an empty folder, and where --to says so into an empty PostgreSQL database. Every file is checked
against its SHA-256, every table is compared, and the record of acts must be whole; else nothing is put in.

example:
  opentraction restore clinic-2026-03-04.backup --data restored
"""

MOVE: Final = """\
Copy the whole clinic into another, empty database, compare both, and say what to set. End the console first. The old
database is only read; where the move is interrupted, nothing is in the new one: ask again. Everybody signs in anew.

example:
  opentraction move --to postgresql://opentraction@localhost:5432/clinic
  opentraction move --to sqlite
"""


class Formatter(argparse.RawDescriptionHelpFormatter):
    """Descriptions as they are written, and room for the options beside their words."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=28, width=120)


class Wrapped(argparse.HelpFormatter):
    """The overview."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=28, width=110)
        self._action_max_length = 16  # the commands stand deeper than argparse reckons
