using Microsoft.Extensions.Logging;

namespace WsSecurity.Mail.Receiving;

/// <summary>
/// A maildir (D. J. Bernstein, https://cr.yp.to/proto/maildir.html) with the subfolders of Maildir++. Deliverers write in <c>tmp</c> and rename into
/// <c>new</c>; a reader renames from <c>new</c> into <c>cur</c>, under a name that ends with <c>:2,</c> and flags. Files are only ever renamed, never written.
/// </summary>
internal sealed class Maildir : IMailbox, IDisposable
{
    private const string Info = ":2,";
    private const char Trashed = 'T';
    private const char Seen = 'S';

    private readonly string _path;
    private readonly TimeProvider _timeProvider;
    private readonly FileStream _lock;

    // The files' names by what comes before the flags, which other programs change.
    private readonly Dictionary<string, string> _files = new(StringComparer.Ordinal);

    private Maildir(string path, TimeProvider timeProvider, FileStream theLock)
    {
        _path = path;
        _timeProvider = timeProvider;
        _lock = theLock;
    }

    /// <summary>Waits until no other receiver works at it. The lock is the kernel's: it ends with the process that holds it.</summary>
    /// <exception cref="IOException">There is no such folder.</exception>
    public static async Task<Maildir> OpenAsync(MaildirReceiverOptions options, TimeProvider timeProvider, ILogger logger, CancellationToken cancellationToken)
    {
        var path = Path.GetFullPath(options.Path);
        var isLogged = false;
        while (true)
        {
            try
            {
                var theLock = new FileStream(Path.Combine(path, "wssecurity.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                return new Maildir(path, timeProvider, theLock);
            }
            catch (IOException exception) when (exception is not (DirectoryNotFoundException or FileNotFoundException))
            {
                if (!isLogged)
                {
                    Log.MaildirIsTaken(logger, path);
                    isLogged = true;
                }
            }

            await Task.Delay(options.PollInterval, timeProvider, cancellationToken).ConfigureAwait(false);
        }
    }

    public Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken)
    {
        foreach (var file in FilesIn("new"))
        {
            // Another reader of the maildir, an IMAP server say, may have been faster.
            TryRename(Path.Combine(_path, "new", file), FreeName(Path.Combine(_path, "cur"), file, isSeen: false));
        }

        Scan();
        return Task.FromResult<IReadOnlyList<string>>([.. _files.Keys.Order(StringComparer.Ordinal)]);
    }

    public async Task<RawMail> ReadAsync(string name, int maxSize, CancellationToken cancellationToken)
    {
        using var file = Open(name);
        if (file is null)
        {
            return default;
        }

        if (file.Length > maxSize)
        {
            return new RawMail(null, IsTooLarge: true);
        }

        var octets = new byte[file.Length];
        await file.ReadExactlyAsync(octets, cancellationToken).ConfigureAwait(false);
        return new RawMail(octets, IsTooLarge: false);
    }

    public Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        if (Find(name) is { } file)
        {
            File.Delete(file);
        }

        return Task.CompletedTask;
    }

    public Task MoveAsync(string name, string folder, bool isSeen, CancellationToken cancellationToken)
    {
        var target = CreateFolder(folder);

        // Between finding and renaming its flags may change, and so its name.
        for (var file = Find(name); file is not null && !TryRename(file, FreeName(target, Path.GetFileName(file), isSeen)); file = Find(name))
        {
        }

        return Task.CompletedTask;
    }

    public Task WaitAsync(TimeSpan timeout, CancellationToken cancellationToken) => Task.Delay(timeout, _timeProvider, cancellationToken);

    public void Dispose() => _lock.Dispose();

    private FileStream? Open(string name)
    {
        while (Find(name) is { } path)
        {
            try
            {
                return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 4096, useAsync: true);
            }
            catch (FileNotFoundException)
            {
                // Renamed or deleted since; the next look finds out which.
            }
        }

        return null;
    }

    /// <summary>The file of a mail; null where it has gone.</summary>
    private string? Find(string name)
    {
        if (!_files.TryGetValue(name, out var file) || !File.Exists(Path.Combine(_path, "cur", file)))
        {
            Scan();
            if (!_files.TryGetValue(name, out file))
            {
                return null;
            }
        }

        return Path.Combine(_path, "cur", file);
    }

    private void Scan()
    {
        _files.Clear();
        foreach (var file in FilesIn("cur"))
        {
            var colon = file.IndexOf(Info, StringComparison.Ordinal);
            if (colon < 0 || !file.AsSpan(colon + Info.Length).Contains(Trashed))
            {
                _files[colon < 0 ? file : file[..colon]] = file;
            }
        }
    }

    // Files whose names begin with a dot are none of the maildir's.
    private IEnumerable<string> FilesIn(string folder)
    {
        var path = Path.Combine(_path, folder);
        return Directory.Exists(path)
            ? Directory.GetFiles(path).Select(file => Path.GetFileName(file)).Where(file => file[0] != '.').Order(StringComparer.Ordinal)
            : [];
    }

    private string CreateFolder(string folder)
    {
        var path = Path.Combine(_path, "." + folder);
        foreach (var name in new[] { "tmp", "new", "cur" })
        {
            Directory.CreateDirectory(Path.Combine(path, name));
        }

        // Maildir++: what tells a subfolder from a maildir of its own.
        var marker = Path.Combine(path, "maildirfolder");
        if (!File.Exists(marker))
        {
            File.Create(marker).Dispose();
        }

        return Path.Combine(path, "cur");
    }

    private static string FreeName(string folder, string file, bool isSeen)
    {
        var colon = file.IndexOf(Info, StringComparison.Ordinal);
        var (unique, flags) = colon < 0 ? (file, string.Empty) : (file[..colon], file[(colon + Info.Length)..]);
        if (isSeen && !flags.Contains(Seen, StringComparison.Ordinal))
        {
            // In the order of ASCII.
            flags = string.Concat((flags + Seen).Order());
        }

        // A rename would put it in the place of one of that name; names are unique but for mails that somebody copied back.
        var target = Path.Combine(folder, unique + Info + flags);
        return File.Exists(target) ? Path.Combine(folder, $"{unique}-{Guid.NewGuid():N}{Info}{flags}") : target;
    }

    private static bool TryRename(string from, string to)
    {
        try
        {
            // With the flag it is one rename(2); without, it would be a link and a deletion.
            File.Move(from, to, overwrite: true);
            return true;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }
}
