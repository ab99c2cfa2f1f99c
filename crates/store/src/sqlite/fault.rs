//! How a failure inside SQLite becomes one that the contract names, so that no error type of the
//! engine shows through it.

use rusqlite::ErrorCode;

use crate::StoreError;

/// The result of work inside a transaction.
pub(super) type Kept<T> = Result<T, Fault>;

/// A failure on its way to the contract.
#[derive(Debug)]
pub(super) struct Fault(StoreError);

impl Fault {
    /// Something in the record that cannot be read back.
    pub(super) fn corrupt(what: &str, value: impl std::fmt::Display) -> Self {
        Self(StoreError::Corrupt(format!("{what} '{value}'")))
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        Self(error)
    }
}

impl From<Fault> for StoreError {
    fn from(Fault(error): Fault) -> Self {
        error
    }
}

impl From<rusqlite::Error> for Fault {
    fn from(error: rusqlite::Error) -> Self {
        let text = error.to_string();
        Self(match error.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked | ErrorCode::OutOfMemory) => {
                StoreError::Busy(text)
            }
            Some(
                ErrorCode::DiskFull
                | ErrorCode::SystemIoFailure
                | ErrorCode::ReadOnly
                | ErrorCode::CannotOpen
                | ErrorCode::PermissionDenied
                | ErrorCode::FileLockingProtocolFailed,
            ) => StoreError::Storage(text),
            _ => StoreError::Corrupt(text),
        })
    }
}
