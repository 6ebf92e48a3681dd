//! Casestream's service: what stands between its callers and the log.
//!
//! | module | what it holds |
//! |---|---|
//! | [`cli`] | the command line, one file per subcommand |
//! | [`settings`] | every setting, once |
//! | [`postgres`], [`store`], [`master_key`], [`secret_file`] | the database under it, and the key beside it |
//! | [`service`] | all of it, running |
//! | [`identity`] | who calls |
//! | [`graphql`] | the schema |
//! | [`access_requests`] | what follows when access is given, or not |
//! | [`demo`] | a fictional customer base to try it with |
//! | [`registry`] | accounts and people that tokens and imports name |
//! | [`files`] | attachments: uploaded, stored sealed, served, swept |
//! | [`watch`] | links for watchers, and their pages |
//! | [`mail`] | what is to be told to whom, made, and sent |
//! | [`commands`] | from an intention to recorded events |
//! | [`http`] | the transport: limits, media types, headers, sockets and streams |
//! | [`news`] | that a case has moved, for those who follow it |
//! | [`logging`], [`telemetry`] | what an operator sees |

pub mod access_requests;
pub mod cli;
pub mod clock;
pub mod commands;
pub mod credentials;
pub mod demo;
pub mod erasure;
pub mod files;
pub mod graphql;
pub mod http;
pub mod identity;
pub mod import;
pub mod listen;
pub mod logging;
pub mod mail;
pub mod master_key;
pub mod news;
pub mod opaque;
pub mod postgres;
pub mod registry;
pub mod secret_file;
pub mod service;
pub mod settings;
pub mod store;
pub mod telemetry;
pub mod timers;
pub mod users;
pub mod watch;
