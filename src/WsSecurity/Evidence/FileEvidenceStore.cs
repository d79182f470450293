using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace WsSecurity.Evidence;

/// <summary>
/// Keeps a trail in a folder, in segments that only grow. Every append is flushed to the disk before it counts. What a crash leaves of an
/// interrupted append stays where it is, and the next entry states it. One process at a time may write.
/// </summary>
public sealed class FileEvidenceStore : IEvidenceStore
{
    private const string LockName = "writer.lock";
    private const int DefaultSegmentSize = 64 * 1024 * 1024;

    private readonly string _folder;
    private readonly int _segmentSize;
    private readonly SafeFileHandle _lock;
    private readonly Func<SafeFileHandle, IReadOnlyList<ReadOnlyMemory<byte>>, long, long> _write;
    private SafeFileHandle? _segment;
    private long _number;
    private long _end;
    private EvidenceTail _tail = new();

    /// <summary>Opens the folder for writing, and creates it, for its own user alone, where it is missing.</summary>
    /// <param name="folder">The folder; on a local disk, or one whose server honours locks and flushes.</param>
    /// <param name="segmentSize">From how many octets on a new file is begun; 64 MB by default. An entry is never split.</param>
    /// <exception cref="IOException">Another process writes to it, or it cannot be used.</exception>
    /// <exception cref="EvidenceException">What it holds is damaged.</exception>
    public FileEvidenceStore(string folder, int segmentSize = DefaultSegmentSize)
        : this(folder, segmentSize, Write)
    {
    }

    internal FileEvidenceStore(string folder, int segmentSize, Func<SafeFileHandle, IReadOnlyList<ReadOnlyMemory<byte>>, long, long> write)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(segmentSize);
        _folder = Path.GetFullPath(folder);
        _segmentSize = segmentSize;
        _write = write;
        CreateFolder(_folder);
        _lock = Lock(_folder);
        try
        {
            FindTail();
        }
        catch
        {
            _lock.Dispose();
            throw;
        }
    }

    /// <summary>Reads a folder that a trail was written to, also while it is being written, or one segment or export of it.</summary>
    /// <param name="path">The folder or the file.</param>
    /// <returns>The entries, oldest first.</returns>
    /// <exception cref="EvidenceException">There is no trail, or, at its place, what is damaged or half.</exception>
    public static IEnumerable<EvidenceEntry> Read(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        IReadOnlyList<string> segments = File.Exists(path) ? [path]
            : Directory.Exists(path) ? [.. EvidenceSegment.List(path).Select(segment => segment.Path)]
            : throw new EvidenceException(EvidenceFailure.TrailMissing, $"There is no folder or file {path}.");
        return Read(segments);
    }

    /// <summary>Writes entries to a file that <see cref="Read(string)"/> reads, and everybody else can: a copy that stands for itself.</summary>
    /// <param name="entries">The entries.</param>
    /// <param name="output">Receives them.</param>
    public static void Export(IEnumerable<EvidenceEntry> entries, Stream output)
    {
        ArgumentNullException.ThrowIfNull(entries);
        ArgumentNullException.ThrowIfNull(output);
        var buffers = new List<ReadOnlyMemory<byte>>();
        foreach (var entry in entries)
        {
            buffers.Clear();
            EvidenceFrame.Write(entry, buffers);
            buffers.ForEach(buffer => output.Write(buffer.Span));
        }
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">The disk is full or fails; nothing of the append remains, and the next one tries anew.</exception>
    public void Append(EvidenceBatch next)
    {
        ArgumentNullException.ThrowIfNull(next);
        ObjectDisposedException.ThrowIf(_lock.IsClosed, this);
        if (_segment is null)
        {
            FindTail();
        }

        var entries = next(_tail);
        if (entries.Count == 0)
        {
            return;
        }

        var buffers = new List<ReadOnlyMemory<byte>>(entries.Count * 4);
        foreach (var entry in entries)
        {
            EvidenceFrame.Write(entry, buffers);
        }

        try
        {
            if (_end >= _segmentSize || _tail.Incomplete is not null || _segment is null)
            {
                BeginSegment();
            }

            _end = _write(_segment!, buffers, _end);
        }
        catch
        {
            Withdraw();
            throw;
        }

        _tail = new EvidenceTail { LastHeader = entries[^1].Header.ToArray() };
    }

    /// <inheritdoc/>
    public IEnumerable<EvidenceEntry> Read() => Read(_folder);

    /// <summary>Closes the files, and lets another process write.</summary>
    public void Dispose()
    {
        _segment?.Dispose();
        _lock.Dispose();
    }

    private static IEnumerable<EvidenceEntry> Read(IReadOnlyList<string> segments)
    {
        string? incomplete = null;
        foreach (var path in segments)
        {
            var segment = EvidenceSegment.Read(path);
            foreach (var entry in segment.Entries)
            {
                yield return incomplete is null ? entry : entry with { IncompleteBefore = incomplete };
                incomplete = null;
            }

            if (segment.Damage is { } damage)
            {
                throw damage;
            }

            incomplete = Join(incomplete, segment.Incomplete);
        }

        if (incomplete is not null)
        {
            throw new EvidenceException(EvidenceFailure.RecordIncomplete, $"The trail ends with half a record: {incomplete}.");
        }
    }

    // Several interrupted attempts may follow each other.
    private static string? Join(string? earlier, string? later) => earlier is null ? later : later is null ? earlier : $"{earlier}; {later}";

    // What it will hold is nobody's business but the host's; whoever else is to read it gets permission.
    private static void CreateFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
        }
        else
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private static SafeFileHandle Lock(string folder)
    {
        try
        {
            return File.OpenHandle(Path.Combine(folder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException exception)
        {
            throw new IOException($"Another process writes evidence to {folder}, and a folder has one writer; give each process a folder of its own, or use a store in a database.", exception);
        }
    }

    private static long Write(SafeFileHandle segment, IReadOnlyList<ReadOnlyMemory<byte>> buffers, long at)
    {
        RandomAccess.Write(segment, buffers, at);
        RandomAccess.FlushToDisk(segment);
        return at + buffers.Sum(buffer => (long)buffer.Length);
    }

    private void FindTail()
    {
        var segments = EvidenceSegment.List(_folder);
        _number = segments.Count == 0 ? 0 : segments[^1].Number;
        _tail = new EvidenceTail();
        string? incomplete = null;
        for (var i = segments.Count - 1; i >= 0; i--)
        {
            var segment = EvidenceSegment.Read(segments[i].Path);
            if (segment.Damage is { } damage)
            {
                throw damage;
            }

            incomplete = Join(segment.Incomplete, incomplete);
            if (i == segments.Count - 1)
            {
                _end = segment.End;
                _segment = incomplete is null ? Open(segment.Path, FileMode.Open) : null;
            }

            if (segment.Entries.Count > 0)
            {
                _tail = new EvidenceTail { LastHeader = segment.Entries[^1].Header.ToArray(), Incomplete = incomplete };
                return;
            }
        }

        _tail = new EvidenceTail { Incomplete = incomplete };
    }

    private void BeginSegment()
    {
        _segment?.Dispose();
        _segment = Open(EvidenceSegment.PathOf(_folder, _number + 1), FileMode.CreateNew);
        _number++;
        _end = 0;

        // The file's name must be as durable as its octets.
        FolderFlush.Flush(_folder);
    }

    private static SafeFileHandle Open(string path, FileMode mode) => File.OpenHandle(path, mode, FileAccess.Write, FileShare.Read);

    // Nobody was told that these octets are kept. The handle goes with them: after a failed flush it promises nothing.
    private void Withdraw()
    {
        if (_segment is not { } segment)
        {
            return;
        }

        _segment = null;
        using (segment)
        {
            try
            {
                RandomAccess.SetLength(segment, _end);
                RandomAccess.FlushToDisk(segment);
            }
            catch (IOException)
            {
                // Then they are found as an interrupted append.
            }
        }
    }

    private static class FolderFlush
    {
        public static void Flush(string folder)
        {
            // Windows keeps names by itself (the journal of NTFS), and opens no folders.
            if (OperatingSystem.IsWindows())
            {
                return;
            }

            var descriptor = Open(folder, 0);
            if (descriptor < 0)
            {
                throw new IOException($"{folder} cannot be flushed.", new Win32Exception(Marshal.GetLastPInvokeError()));
            }

            using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
            if (Synchronize(handle) != 0)
            {
                throw new IOException($"{folder} cannot be flushed.", new Win32Exception(Marshal.GetLastPInvokeError()));
            }
        }

        [DllImport("libc", EntryPoint = "open", SetLastError = true, CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        private static extern int Open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

        [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
        private static extern int Synchronize(SafeFileHandle descriptor);
    }
}
