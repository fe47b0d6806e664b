// What is still to be done before the table can be armed, in one short sentence; empty when nothing is. The table decides.
export function missing(m) {
  const switches = m.switches || {}, checks = Object.values(m.checklist || {});
  if (m.lockout) return "Reset the locked table first.";
  if (!checks.length || !checks.every(Boolean)) return "Finish the harness checklist first.";
  if (switches.clinician_stop !== false) return "Release the clinician stop first.";
  if (switches.remote_plugged !== true) return "Plug in the patient remote first.";
  if (switches.remote_pressed) return "Let the patient let go of the remote first.";
  if (switches.remote_tested !== true) return "Test the patient remote first: press it, then let go.";
  return m.recording?.trouble ? `Mend the recording first: ${m.recording.trouble}` : "";
}
