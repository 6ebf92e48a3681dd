//! How the portal looks and as whom mail goes out.
//!
//! The name of the portal and its colors are nobody's personal data. The name and address of a sender may be somebody's, so
//! they are sealed, as the words of whoever runs the installation.

use std::{collections::BTreeMap, fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use strum::{Display, EnumIter, EnumString};

use super::{Name, SettingsFact};
use crate::{Fingerprint, Line};

/// The largest logo, in bytes: it is part of an event.
pub const MAX_LOGO_BYTES: usize = 64 * 1024;

/// How the portal looks and as whom mail goes out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Brand {
    /// What the portal is called.
    pub portal_name: Name,
    /// Its colors.
    pub colors: Colors,
    /// Its logo, if it has one.
    pub logo: Option<Logo>,
    /// What the rules know of senders that were named.
    pub senders: BTreeMap<Sender, SenderPrints>,
}

/// The colors of the portal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Colors {
    /// Of what one acts with.
    pub primary: Color,
    /// Of what stands out.
    pub accent: Color,
}

/// A color, `#rrggbb` in lower case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Color(String);

/// Why a text is no [`Color`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no color: write red, green and blue in hexadecimal digits, as in `#1a5fb4`")]
pub struct ColorError(String);

/// An image of at most [`MAX_LOGO_BYTES`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Logo {
    /// What kind of image it is.
    pub media_type: LogoType,
    /// The image in Base64, with padding.
    pub data: String,
}

/// The kinds of images that a logo can be: those without anything to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Display, EnumIter, EnumString)]
pub enum LogoType {
    /// PNG.
    #[serde(rename = "image/png")]
    #[strum(serialize = "image/png")]
    Png,
    /// JPEG.
    #[serde(rename = "image/jpeg")]
    #[strum(serialize = "image/jpeg")]
    Jpeg,
    /// WebP.
    #[serde(rename = "image/webp")]
    #[strum(serialize = "image/webp")]
    Webp,
}

/// Who sends mail.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Display, EnumIter, EnumString,
)]
#[serde(rename_all = "lowercase")]
#[strum(serialize_all = "lowercase")]
pub enum Sender {
    /// Mail about cases, and what people wait for: invitations, links to reset and unlock, answers to requests for access.
    Support,
    /// Mail about what was changed of a sign-in: passwords, factors, locks, devices.
    Admin,
}

/// What the rules know of a sender.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SenderPrints {
    /// What stands for the name.
    pub name: Fingerprint,
    /// What stands for the address.
    pub address: Fingerprint,
}

impl FromStr for Color {
    type Err = ColorError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6);
        if digits.is_some_and(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit())) {
            return Ok(Self(text.to_ascii_lowercase()));
        }
        Err(ColorError(text.chars().take(20).collect()))
    }
}

impl TryFrom<String> for Color {
    type Error = ColorError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Color> for String {
    fn from(color: Color) -> Self {
        color.0
    }
}

impl fmt::Display for Color {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Brand {
    /// Calls the portal something, unless that is what it is called.
    pub(super) fn set_portal_name(&self, name: &Name) -> Vec<SettingsFact> {
        let is_new = self.portal_name != *name;
        is_new.then(|| SettingsFact::PortalNameSet { name: name.clone() }).into_iter().collect()
    }

    /// Gives the portal colors, unless it has them.
    pub(super) fn set_colors(&self, colors: &Colors) -> Vec<SettingsFact> {
        let is_new = self.colors != *colors;
        is_new.then(|| SettingsFact::ColorsSet(colors.clone())).into_iter().collect()
    }

    /// Gives the portal a logo, unless it has that.
    pub(super) fn set_logo(&self, logo: &Logo) -> Vec<SettingsFact> {
        let is_new = self.logo.as_ref() != Some(logo);
        is_new.then(|| SettingsFact::LogoSet(logo.clone())).into_iter().collect()
    }

    /// Takes the logo away, if there is one.
    pub(super) fn remove_logo(&self) -> Vec<SettingsFact> {
        self.logo.is_some().then_some(SettingsFact::LogoRemoved {}).into_iter().collect()
    }

    /// Says as whom mail of a kind goes out, unless it does.
    pub(super) fn set_sender(&self, sender: Sender, name: &Line, address: &Line) -> Vec<SettingsFact> {
        let prints = SenderPrints { name: name.fingerprint.clone(), address: address.fingerprint.clone() };
        if self.senders.get(&sender) == Some(&prints) {
            return vec![];
        }
        vec![SettingsFact::SenderSet { sender, name: name.clone(), address: address.clone() }]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::{SettingsAction, testing::*};

    fn colors(primary: &str) -> Colors {
        Colors { primary: primary.parse().expect("a color"), accent: "#ffaa00".parse().expect("a color") }
    }

    #[test]
    fn a_color_is_written_in_one_way() {
        assert_eq!("#1A5FB4".parse::<Color>().map(|color| color.to_string()).as_deref(), Ok("#1a5fb4"));
        for text in ["", "1a5fb4", "#1a5fb", "#1a5fb4a", "red", "#gggggg", "#+1+1+1"] {
            assert!(text.parse::<Color>().is_err(), "{text}");
        }
    }

    #[test]
    fn what_the_portal_has_already_changes_nothing() {
        let logo = Logo { media_type: LogoType::Png, data: "iVBORw0KGgo=".to_owned() };
        let sender = (Sender::Admin, line("Example Admin"), line("admin@example.com"));
        for (fact, action) in [
            (
                SettingsFact::PortalNameSet { name: name("Example Portal") },
                SettingsAction::SetPortalName { name: name("Example Portal") },
            ),
            (SettingsFact::ColorsSet(colors("#000000")), SettingsAction::SetColors(colors("#000000"))),
            (SettingsFact::LogoSet(logo.clone()), SettingsAction::SetLogo(logo.clone())),
            (
                SettingsFact::SenderSet { sender: sender.0, name: sender.1.clone(), address: sender.2.clone() },
                SettingsAction::SetSender { sender: sender.0, name: sender.1, address: sender.2 },
            ),
        ] {
            given(vec![]).when(administrator(), action.clone()).then(vec![fact.clone()]);
            given(vec![fact]).when(administrator(), action).then(vec![]);
        }
        given(vec![]).when(administrator(), SettingsAction::RemoveLogo).then(vec![]);
        given(vec![SettingsFact::LogoSet(logo)])
            .when(administrator(), SettingsAction::RemoveLogo)
            .then(vec![SettingsFact::LogoRemoved {}]);
    }
}
