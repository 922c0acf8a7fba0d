-- Whose grants rest on an appointment is asked whenever its end is put off.
CREATE INDEX account_grant_appointment ON account_grant (appointment_id);
