//! The command's side of the control socket.

use super::socket_path;
use super::wire::{Reply, Request, receive, send};
use crate::app::Ahead;
use crate::cli::failure::Failure;
use serde_json::Value;
use std::io;
use std::net::Shutdown;
use std::ops::ControlFlow;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Mutex, PoisonError};

/// A connection to the server that owns a data folder.
pub struct Client(UnixStream);

impl Client {
    /// Connects to the server of `folder`.
    ///
    /// # Errors
    /// When no server listens there.
    pub fn connect(folder: &Path) -> io::Result<Self> {
        UnixStream::connect(socket_path(folder)).map(Self)
    }

    /// Asks for one answer.
    ///
    /// # Errors
    /// When the server cannot give it, or went away.
    pub fn ask(&mut self, request: &Request) -> Result<Value, Failure> {
        self.ask_parts(request, &mut |_| ControlFlow::Continue(()))
    }

    /// Asks for an answer that comes in parts; `each` may end it early, and nothing can be asked after that.
    ///
    /// # Errors
    /// As [`Client::ask`].
    pub fn ask_parts(
        &mut self,
        request: &Request,
        each: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
    ) -> Result<Value, Failure> {
        send(&mut self.0, request, &[]).map_err(|e| gone(&e))?;
        loop {
            match next(&mut self.0)? {
                (Reply::Done { answer }, _) => return Ok(answer),
                (Reply::Failed { why }, _) => return Err(Failure::new(why)),
                (Reply::Part {}, body) => {
                    if each(&body).is_break() {
                        let _ = self.0.shutdown(Shutdown::Both);
                        return Ok(Value::Null);
                    }
                }
            }
        }
    }

    /// Sends a chunk of lines; its answer comes through [`Client::answers`], in the order of sending.
    ///
    /// # Errors
    /// When the server went away.
    pub fn send_lines(&mut self, lines: &[(u64, u32)], bytes: &[u8], ahead: Ahead) -> Result<(), Failure> {
        let request = Request::Take {
            lines: lines.to_vec(),
            allow_future: ahead == Ahead::Taken,
        };
        send(&mut self.0, &request, bytes).map_err(|e| gone(&e))
    }

    /// The answers to what [`Client::send_lines`] sends from now on. They are read on a thread of their own, so that a
    /// server that answers and a command that sends never wait for one another.
    ///
    /// # Errors
    /// When the system gives no second handle or no thread.
    pub fn answers(&self, in_flight: usize) -> Result<Answers, Failure> {
        let mut stream = self.0.try_clone().map_err(|e| gone(&e))?;
        let (answer, answers) = sync_channel(in_flight);
        let read = move || {
            loop {
                let next = next(&mut stream).and_then(|(reply, _)| match reply {
                    Reply::Done { answer } => Ok(answer),
                    Reply::Failed { why } => Err(Failure::new(why)),
                    Reply::Part {} => Err(Failure::new("the server answered in parts where one answer is due")),
                });
                let last = next.is_err();
                if answer.send(next).is_err() || last {
                    break;
                }
            }
        };
        std::thread::Builder::new()
            .name("control-answers".to_owned())
            .spawn(read)
            .map_err(|error| Failure::new(format!("the system gives no thread: {error}")))?;
        Ok(Answers(Mutex::new(answers)))
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        // Ends the thread that reads answers, if there is one.
        let _ = self.0.shutdown(Shutdown::Both);
    }
}

/// The answers to chunks of lines.
pub struct Answers(Mutex<Receiver<Result<Value, Failure>>>);

impl Answers {
    /// Waits for the next one.
    ///
    /// # Errors
    /// When the chunk could not be taken, or the server went away.
    pub fn next(&self) -> Result<Value, Failure> {
        let answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        answers.recv().unwrap_or_else(|_| Err(ended()))
    }
}

fn next(stream: &mut UnixStream) -> Result<(Reply, Vec<u8>), Failure> {
    receive(stream).map_err(|e| gone(&e))?.ok_or_else(ended)
}

fn gone(error: &io::Error) -> Failure {
    Failure::new(format!(
        "the server that owns the data folder went away ({error}); see its log, and run the command again"
    ))
}

fn ended() -> Failure {
    Failure::new("the server that owns the data folder is stopping; run the command again")
}
