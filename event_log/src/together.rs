//! Calls that wait at the same time, done as one.
//!
//! Most of what a small statement costs is the same whether it does one thing or twenty: round trips, the executor's
//! set-up, the commit. So calls that arrive while others are at work wait for their turn together, and go out as one
//! statement. A call that finds nobody at work goes at once and alone: whoever has the service for himself waits for
//! nobody.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard},
    time::{Duration, Instant},
};

use futures_util::future::BoxFuture;
use tokio::sync::oneshot;

/// How many calls are done as one, and how often at the same time.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The most that one run takes, in the unit of `weigh`. A single call that weighs more runs alone.
    pub weight: usize,
    /// How many runs are under way at the same time.
    pub runs: usize,
}

/// Does calls together. Clones share one queue. `K` is what a run keeps from one time to the next while calls follow each
/// other closely, a transaction for example; it begins with its default.
pub struct Together<Q, A, K = ()> {
    shared: Arc<Shared<Q, A, K>>,
}

/// Does the work of a run: exactly one answer for every call, in their order.
type Work<Q, A, K> = Box<dyn Fn(Vec<Q>, K) -> BoxFuture<'static, (Vec<A>, K)> + Send + Sync>;

struct Shared<Q, A, K> {
    work: Work<Q, A, K>,
    weigh: fn(&Q) -> usize,
    limits: Limits,
    queue: Mutex<Queue<Q, A, K>>,
}

struct Queue<Q, A, K> {
    waiting: VecDeque<(Q, oneshot::Sender<A>)>,
    runs: usize,
    /// What runs that ended have kept, and when.
    kept: Vec<(Instant, K)>,
}

/// For how long something is kept after a run, and then a moment.
const KEEP: Duration = Duration::from_millis(20);

/// The run of a call ended without an answer: its task panicked, or the runtime shuts down.
#[derive(Debug, thiserror::Error)]
#[error("the run of a call ended without an answer")]
pub struct Lost;

impl<Q: Send + 'static, A: Send + 'static, K: Default + Send + 'static> Together<Q, A, K> {
    /// Does calls by `work`, which answers each of them, in their order.
    pub fn new(
        limits: Limits,
        weigh: fn(&Q) -> usize,
        work: impl Fn(Vec<Q>, K) -> BoxFuture<'static, (Vec<A>, K)> + Send + Sync + 'static,
    ) -> Self {
        let queue = Mutex::new(Queue { waiting: VecDeque::new(), runs: 0, kept: vec![] });
        Self { shared: Arc::new(Shared { work: Box::new(work), weigh, limits, queue }) }
    }

    /// Does a call. It is done to its end even when the caller leaves.
    ///
    /// # Errors
    /// [`Lost`]: it is unknown whether it was done.
    pub async fn call(&self, question: Q) -> Result<A, Lost> {
        self.ask(question).await.map_err(|_| Lost)
    }

    fn ask(&self, question: Q) -> oneshot::Receiver<A> {
        let (answer, answered) = oneshot::channel();
        let mut queue = self.shared.queue();
        queue.waiting.push_back((question, answer));
        if queue.runs < self.shared.limits.runs {
            queue.runs += 1;
            tokio::spawn(work_off(Running { shared: Arc::clone(&self.shared), has_ended: false }));
        }
        answered
    }
}

/// One of the runs at work.
struct Running<Q, A, K> {
    shared: Arc<Shared<Q, A, K>>,
    has_ended: bool,
}

impl<Q, A, K> Drop for Running<Q, A, K> {
    fn drop(&mut self) {
        if !self.has_ended {
            // A panic, or the end of the runtime. Whoever waits is told, instead of waiting for a run that is no more.
            let mut queue = self.shared.queue();
            queue.runs -= 1;
            queue.waiting.clear();
        }
    }
}

async fn work_off<Q, A, K>(mut running: Running<Q, A, K>)
where
    Q: Send + 'static,
    A: Send + 'static,
    K: Default + Send + 'static,
{
    let mut kept = None;
    loop {
        // Whoever is about to ask, often because they were just answered together, comes along.
        tokio::task::yield_now().await;
        let Some((questions, callers)) = running.shared.take(&mut kept) else { break };
        let (answers, keeps) = (running.shared.work)(questions, kept.take().unwrap_or_default()).await;
        kept = Some(keeps);
        for (answer, caller) in answers.into_iter().zip(callers) {
            // Whoever left does not want to know.
            let _ = caller.send(answer);
        }
    }
    running.has_ended = true;
    let shared = Arc::clone(&running.shared);
    drop(running);
    shared.let_go().await;
}

impl<Q, A, K> Shared<Q, A, K> {
    fn queue(&self) -> MutexGuard<'_, Queue<Q, A, K>> {
        self.queue.lock().expect("nobody panics while holding it")
    }

    /// Takes as many calls as one run takes; ends the run when there are none, in the same breath, so that no call
    /// waits for a run that has just ended. What a run has kept goes on to the next.
    fn take(&self, kept: &mut Option<K>) -> Option<(Vec<Q>, Vec<oneshot::Sender<A>>)> {
        let mut queue = self.queue();
        if kept.is_none() {
            *kept = queue.kept.pop().map(|(_, kept)| kept);
        }
        let (mut questions, mut answers, mut weight) = (vec![], vec![], 0);
        while let Some((question, _)) = queue.waiting.front() {
            weight += (self.weigh)(question);
            if weight > self.limits.weight && !questions.is_empty() {
                break;
            }
            let (question, answer) = queue.waiting.pop_front().expect("it was just seen");
            questions.push(question);
            answers.push(answer);
        }
        if questions.is_empty() {
            queue.runs -= 1;
            queue.kept.extend(kept.take().map(|kept| (Instant::now(), kept)));
            return None;
        }
        Some((questions, answers))
    }

    /// Lets go of what nobody went on with.
    async fn let_go(&self) {
        if std::mem::needs_drop::<K>() {
            tokio::time::sleep(KEEP).await;
            self.queue().kept.retain(|(since, _)| since.elapsed() < KEEP);
        }
    }
}

impl<Q, A, K> Clone for Together<Q, A, K> {
    fn clone(&self) -> Self {
        Self { shared: Arc::clone(&self.shared) }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::atomic::{AtomicBool, Ordering},
        time::Duration,
    };

    use tokio::sync::Semaphore;

    use super::*;

    /// Answers with the number of calls in the run, once the gate lets it through.
    fn counting(limits: Limits, gate: &Arc<Semaphore>) -> Together<usize, usize> {
        let gate = Arc::clone(gate);
        Together::new(
            limits,
            |weight| *weight,
            move |calls, ()| {
                let gate = Arc::clone(&gate);
                Box::pin(async move {
                    gate.acquire().await.expect("it is open").forget();
                    (vec![calls.len(); calls.len()], ())
                })
            },
        )
    }

    async fn start(calls: &[usize], together: &Together<usize, usize>) -> Vec<tokio::task::JoinHandle<usize>> {
        let mut tasks = vec![];
        for weight in calls {
            let (together, weight) = (together.clone(), *weight);
            tasks.push(tokio::spawn(async move { together.call(weight).await.expect("answered") }));
            tokio::task::yield_now().await;
        }
        tasks
    }

    #[tokio::test]
    async fn who_waits_goes_together_and_no_run_takes_more_than_the_limit() {
        let gate = Arc::new(Semaphore::new(0));
        let together = counting(Limits { weight: 4, runs: 1 }, &gate);
        let tasks = start(&[1, 1, 1, 2, 1, 9, 1], &together).await;
        gate.add_permits(5);
        let mut sizes = vec![];
        for task in tasks {
            sizes.push(task.await.expect("no panic"));
        }
        assert_eq!(sizes, [1, 3, 3, 3, 1, 1, 1], "the first alone, three that weigh four, and what weighs more alone");
    }

    #[tokio::test]
    async fn a_caller_who_leaves_does_not_stop_the_others() {
        let gate = Arc::new(Semaphore::new(0));
        let together = counting(Limits { weight: 9, runs: 1 }, &gate);
        let tasks = start(&[1, 1, 1], &together).await;
        tasks[0].abort();
        tasks[1].abort();
        gate.add_permits(2);
        assert_eq!(tasks.into_iter().next_back().expect("three").await.expect("no panic"), 2);
    }

    #[tokio::test]
    async fn after_a_panic_the_next_call_is_answered() {
        let together: Together<bool, ()> = Together::new(
            Limits { weight: 9, runs: 1 },
            |_| 1,
            |calls, ()| {
                Box::pin(async move {
                    assert!(!calls.contains(&true), "as asked for");
                    (vec![(); calls.len()], ())
                })
            },
        );
        assert!(together.call(true).await.is_err());
        let answer = tokio::time::timeout(Duration::from_secs(5), together.call(false)).await;
        assert!(answer.expect("it does not hang").is_ok());
    }

    #[tokio::test]
    async fn what_a_run_keeps_goes_on_to_the_next_one_that_follows_closely() {
        static WAS_LET_GO: AtomicBool = AtomicBool::new(false);
        /// How many runs have gone on with it.
        #[derive(Default)]
        struct Runs(usize);
        impl Drop for Runs {
            fn drop(&mut self) {
                WAS_LET_GO.store(true, Ordering::Relaxed);
            }
        }
        let count = |mut runs: Runs| {
            runs.0 += 1;
            (vec![runs.0], runs)
        };
        let limits = Limits { weight: 1, runs: 1 };
        let together = Together::new(limits, |()| 1, move |_, runs| Box::pin(async move { count(runs) }));
        assert_eq!(together.call(()).await.expect("answered"), 1);
        assert_eq!(together.call(()).await.expect("answered"), 2);
        while !WAS_LET_GO.load(Ordering::Relaxed) {
            tokio::time::sleep(KEEP).await;
        }
        assert_eq!(together.call(()).await.expect("answered"), 1);
    }
}
