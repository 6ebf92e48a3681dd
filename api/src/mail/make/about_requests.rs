//! Mail to whoever asked for access and gets none.

use domain::access_request::AccessRequestFact;
use projections::SettingsNow;

use super::{Made, MakeError, Maker, Shown};
use crate::mail::{
    Preferences,
    letter::Correspondent,
    outbox::Claimed,
    requests::Request,
    words::{common, one_line, said},
};

impl Maker {
    /// Makes the mail of a request that was declined.
    pub(super) async fn about_a_request(&self, mail: &Claimed, settings: &SettingsNow) -> Result<Made, MakeError> {
        let mut conn = self.services.pool.acquire().await?;
        let stream = sqlx::query_scalar(
            "select aggregate_id from events where position = $1 and aggregate_type = 'access_request'",
        );
        let Some(id) = stream.bind(mail.position).fetch_optional(&mut *conn).await? else {
            return Ok(Made::Nothing("it did not happen"));
        };
        let id: String = id;
        let request = Request::read(&mut conn, self.services.commands.log.codec(), &id).await?;
        let declined = request.happened.iter().find(|(position, _)| Some(*position) == mail.position);
        let Some((_, event)) = declined else { return Ok(Made::Nothing("it did not happen")) };
        let AccessRequestFact::AccessDeclined { number, reason } = &event.fact else {
            return Ok(Made::Nothing("it did not happen"));
        };
        let address = request.person(*number).and_then(|person| person.email.text.value());
        let Some(address) = address else { return Ok(Made::Nothing("what it tells of was taken away")) };
        let reader = self.reader(&Preferences::default(), settings);
        let mut known = Self::known(settings);
        known.at = reader.time(event.occurred_at);
        known.reason = reason.value().map(|reason| one_line(reason.as_str()));
        let shown = Shown { footer: vec![common(reader.language, "automatic")], ..Shown::default() };
        let to = Correspondent { name: None, address: address.as_str().to_owned() };
        let said = said(mail.kind, reader.language, &known);
        Ok(self.letter(mail, to, &reader, settings, (said, shown)))
    }
}
