//! No mail that is made after an erasure holds a word of theirs, whatever waited.

use std::{fs, sync::Arc};

use api::{
    mail::{Language, MailOptions, Mailer, Transport},
    settings::BaseUrl,
};
use chrono::TimeDelta;
use mail_parser::MessageParser;

use super::{gone::marks, world::World};

/// Sends all that is to be sent of a world, perhaps after erasing Ana and Bo; answers headers, texts and HTML in lower case.
async fn sent(erased: bool) -> String {
    let world = World::new().await;
    let app = &world.desk.app;
    let folder = tempfile::tempdir().unwrap();
    let options = MailOptions {
        transport: Transport::in_folder(folder.path().to_owned()).unwrap(),
        base_url: BaseUrl::parse("https://support.example.com").unwrap(),
        language: Language::English,
    };
    let mailer = Mailer::new(Arc::clone(app.service.services()), options);
    let tell = async || mailer.tell(event_log::safe_position_now(&app.pool).await.unwrap()).await.unwrap();
    tell().await;
    if erased {
        world.erase(&world.ana_id).await;
        world.erase(&world.bo_id).await;
        tell().await;
    }
    app.clock.advance(TimeDelta::minutes(10));
    mailer.deliver_due().await;
    let waiting: i64 = sqlx::query_scalar("select count(*) from mails where state in ('waiting', 'dead')")
        .fetch_one(&app.pool)
        .await
        .unwrap();
    assert_eq!(waiting, 0, "each was sent or dropped");
    let read = |entry: std::io::Result<fs::DirEntry>| {
        let bytes = fs::read(entry.unwrap().path()).unwrap();
        let mail = MessageParser::default().parse(&bytes).unwrap();
        let (text, html) = (mail.body_text(0).unwrap(), mail.body_html(0).unwrap());
        format!("{} {} {text} {html}", String::from_utf8_lossy(&bytes), mail.subject().unwrap())
    };
    fs::read_dir(folder.path()).unwrap().map(read).collect::<String>().to_lowercase()
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_that_waits_holds_no_word_of_somebody_who_is_erased() {
    assert!(!marks(&sent(false).await).is_empty(), "their words are what mail brings");
    assert_eq!(marks(&sent(true).await), Vec::<&str>::new());
}
