//! `casestream demo`.

use domain::Role;

use super::{CommandError, output, person::start};
use crate::{
    demo::{Demo, Filled, people::SignIn},
    settings::{Mode, Settings},
    store::Store,
};

/// Refuses before anything is opened: what is in production is nobody's to try things with.
pub(super) async fn run(settings: Settings) -> Result<(), CommandError> {
    if settings.mode == Mode::Production {
        return Err(CommandError::DemoInProduction);
    }
    let store = Store::open(&settings).await?;
    let done = match start(&settings, &store).await {
        Ok(service) => {
            let demo = Demo::with(service.services(), store.clock.now());
            let filled = demo.fill(|what| output::note(format_args!("bringing in {what}"))).await;
            service.stop().await;
            filled.map_err(|error| CommandError::Demo(Box::new(error)))
        }
        Err(error) => Err(error),
    };
    store.close().await?;
    tell(&settings, &done?);
    Ok(())
}

/// The sign-ins go to standard output as a table, what is to be said beside them to standard error.
fn tell(settings: &Settings, filled: &Filled) {
    let Filled { new_cases, sign_ins, password, was_there } = filled;
    if *was_there {
        output::note(
            "the demo is there already, and nothing was changed; its sign-ins, as far as nobody has changed them since:",
        );
    } else {
        output::note(format_args!("the demo is there, with {new_cases} new cases; its sign-ins:"));
    }
    let rows = sign_ins
        .iter()
        .map(|it| [roles(it), it.name.clone(), it.username.clone(), password.reveal().to_owned(), it.of.join(", ")]);
    let heads = ["ROLE", "NAME", "SIGNS IN AS", "PASSWORD", "OF"].map(str::to_owned);
    let rows: Vec<_> = [heads].into_iter().chain(rows).collect();
    let widths: Vec<usize> =
        (0..5).map(|column| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0)).collect();
    for row in &rows {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        output::line(cells.collect::<Vec<_>>().join("  ").trim_end());
    }
    output::note(format_args!(
        "sign in at {}/ while the service runs: the password is random, and the same for all of them",
        settings.base_url.as_str().trim_end_matches('/')
    ));
}

fn roles(who: &SignIn) -> String {
    who.roles.iter().map(Role::to_string).collect::<Vec<_>>().join(",")
}
