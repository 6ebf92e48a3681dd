//! Where the bytes of files are: one object per file, named by the id of the key that seals it.
//!
//! An object is there whole or not at all, and once it is there it is on the disk. What a process that died half-way leaves
//! under a provisional name is removed by [`FileStore::remove_remains`].

use std::{
    fs, io,
    path::{Path as FsPath, PathBuf},
    sync::Arc,
    time::Duration,
};

use bytes::Bytes;
use domain::KeyId;
use futures_util::{StreamExt as _, TryStreamExt as _, stream::BoxStream};
use object_store::{ObjectStore, ObjectStoreExt as _, WriteMultipart, local::LocalFileSystem, path::Path};
use uuid::Uuid;

/// The store did not do what it was asked to.
#[derive(Debug, thiserror::Error)]
pub enum FileStoreError {
    /// The folder of files cannot be had.
    #[error("the folder of attachments, {}, cannot be used", .folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the operating system says.
        #[source]
        source: io::Error,
    },
    /// It did not answer as it should.
    #[error("the store of attachments did not answer as it should")]
    Store(#[from] object_store::Error),
}

/// Bytes that a write gathers before they go to the disk, and writes that may be under way at once.
const WRITE_BYTES: usize = 256 * 1024;
const WRITES_AT_ONCE: usize = 2;

/// The store of one service's files.
#[derive(Clone, Debug)]
pub struct FileStore {
    objects: Arc<dyn ObjectStore>,
    folder: PathBuf,
}

/// A file on its way into the store. Dropping it leaves nothing.
pub struct Writing(WriteMultipart);

impl FileStore {
    /// The store in a folder, which is made if it is not there.
    ///
    /// # Errors
    /// [`FileStoreError`].
    pub fn in_folder(folder: &FsPath) -> Result<Self, FileStoreError> {
        use std::os::unix::fs::DirBuilderExt as _;
        let unusable = |source| FileStoreError::Folder { folder: folder.to_owned(), source };
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).map_err(unusable)?;
        let objects = LocalFileSystem::new_with_prefix(folder)?.with_fsync(true);
        Ok(Self { objects: Arc::new(objects), folder: folder.to_owned() })
    }

    /// Begins a file.
    ///
    /// # Errors
    /// [`FileStoreError::Store`].
    pub async fn begin(&self, key_id: KeyId) -> Result<Writing, FileStoreError> {
        let upload = self.objects.put_multipart(&path(key_id)).await?;
        Ok(Writing(WriteMultipart::new_with_chunk_size(upload, WRITE_BYTES)))
    }

    /// How many bytes a file takes in the store; nothing when it is not there.
    ///
    /// # Errors
    /// [`FileStoreError::Store`].
    pub async fn stored_bytes(&self, key_id: KeyId) -> Result<Option<u64>, FileStoreError> {
        match self.objects.head(&path(key_id)).await {
            Ok(object) => Ok(Some(object.size)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Reads a part of what is stored.
    ///
    /// # Errors
    /// [`FileStoreError::Store`].
    pub async fn read(&self, key_id: KeyId, range: std::ops::Range<u64>) -> Result<Bytes, FileStoreError> {
        Ok(self.objects.get_range(&path(key_id), range).await?)
    }

    /// Removes a file; one that is not there is as good as removed.
    ///
    /// # Errors
    /// [`FileStoreError::Store`].
    pub async fn remove(&self, key_id: KeyId) -> Result<(), FileStoreError> {
        match self.objects.delete(&path(key_id)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Lists the files, in no particular order. What has another name than ours is left alone.
    pub fn list(&self) -> BoxStream<'static, Result<KeyId, FileStoreError>> {
        let key_id = |object: object_store::ObjectMeta| Uuid::parse_str(object.location.as_ref()).ok().map(KeyId);
        let named = self.objects.list(None).map_err(FileStoreError::from).map_ok(key_id);
        named.try_filter_map(async |key_id| Ok(key_id)).boxed()
    }

    /// Removes what was begun longer than `age` ago and never came to its end, because its process was killed; answers how
    /// many there were.
    ///
    /// # Errors
    /// [`FileStoreError::Folder`].
    pub async fn remove_remains(&self, age: Duration) -> Result<u64, FileStoreError> {
        let folder = self.folder.clone();
        let unusable = |source| FileStoreError::Folder { folder: self.folder.clone(), source };
        let removing = tokio::task::spawn_blocking(move || remove_remains(&folder, age));
        removing.await.map_err(io::Error::other).and_then(|removed| removed).map_err(unusable)
    }
}

impl Writing {
    /// Adds sealed bytes; waits while the disk is behind.
    ///
    /// # Errors
    /// [`FileStoreError::Store`].
    pub async fn add(&mut self, bytes: &[u8]) -> Result<(), FileStoreError> {
        self.0.wait_for_capacity(WRITES_AT_ONCE).await?;
        self.0.write(bytes);
        Ok(())
    }

    /// Ends the file: it is there, on the disk.
    ///
    /// # Errors
    /// [`FileStoreError::Store`]; it is not there.
    pub async fn finish(self) -> Result<(), FileStoreError> {
        self.0.finish().await?;
        Ok(())
    }

    /// Gives the file up: it is as if it had not begun.
    pub async fn give_up(self) {
        if let Err(error) = self.0.abort().await {
            tracing::warn!(%error, "what was stored of a broken upload could not be removed at once");
        }
    }
}

fn path(key_id: KeyId) -> Path {
    Path::from(key_id.to_string())
}

/// The library writes to `<name>#<number>` and renames that to `<name>` when it is whole.
fn remove_remains(folder: &FsPath, age: Duration) -> io::Result<u64> {
    let mut removed = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let is_provisional = entry.file_name().to_str().is_some_and(|name| name.contains('#'));
        let modified = entry.metadata()?.modified()?;
        if is_provisional && modified.elapsed().is_ok_and(|since| since >= age) {
            fs::remove_file(entry.path())?;
            removed += 1;
        }
    }
    Ok(removed)
}
