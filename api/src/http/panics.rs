//! Turns a panic inside a request into an error that is logged once, with the id that the client gets.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::pin::Pin;
use std::task::{Context, Poll};

use super::RequestError;

thread_local! {
    /// Whether this thread is inside [`Caught::poll`], which reports the panic itself.
    static CATCHING: Cell<bool> = const { Cell::new(false) };
    /// Where the panic was, as only the hook knows.
    static LOCATION: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Installs a panic hook that logs panics, except those inside requests, which are logged with the request's error id.
pub fn install_hook() {
    std::panic::set_hook(Box::new(|info: &PanicHookInfo<'_>| {
        let location = info.location().map(ToString::to_string).unwrap_or_default();
        if CATCHING.get() {
            LOCATION.replace(Some(location));
        } else {
            tracing::error!(location, error = message(info.payload()), "thread panicked");
        }
    }));
}

/// Runs a future; a panic inside it becomes [`RequestError::Internal`].
///
/// What the future shared with others may be half changed by then; requests share only the pool and caches, which
/// hold no lock across a resolver.
pub fn catch<F: Future>(future: F) -> Caught<F> {
    Caught { future: Box::pin(future) }
}

/// See [`catch`].
pub struct Caught<F> {
    future: Pin<Box<F>>,
}

impl<F: Future> Future for Caught<F> {
    type Output = Result<F::Output, RequestError>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let outer = CATCHING.replace(true);
        let polled = catch_unwind(AssertUnwindSafe(|| self.future.as_mut().poll(context)));
        CATCHING.set(outer);
        match polled {
            Ok(poll) => poll.map(Ok),
            Err(payload) => Poll::Ready(Err(report(payload.as_ref()))),
        }
    }
}

fn report(payload: &(dyn Any + Send)) -> RequestError {
    let location = LOCATION.take().unwrap_or_default();
    RequestError::internal(&format_args!("panic at {location}: {}", message(payload)))
}

fn message(payload: &(dyn Any + Send)) -> &str {
    payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("(no message)")
}
