using System.Globalization;
using MailKit;
using MailKit.Net.Imap;
using MailKit.Search;
using WsSecurity.Mail.Servers;

namespace WsSecurity.Mail.Receiving;

/// <summary>
/// A folder of an IMAP server (RFC 9051, and RFC 3501 with or without UIDPLUS, MOVE and IDLE). Mails are named by their UIDs, which are those of another mail only
/// under another UIDVALIDITY. What another program has marked as deleted is left alone.
/// </summary>
internal sealed class ImapMailbox : IMailbox, IDisposable
{
    private const int ImapPort = 143;
    private const int ImplicitTlsPort = 993;

    private readonly ImapClient _client;
    private readonly IMailFolder _folder;
    private readonly TimeProvider _timeProvider;
    private readonly Dictionary<string, IMailFolder> _targets = new(StringComparer.Ordinal);
    private volatile bool _hasChanged;
    private volatile CancellationTokenSource? _idle;

    private ImapMailbox(ImapClient client, IMailFolder folder, TimeProvider timeProvider)
    {
        _client = client;
        _folder = folder;
        _timeProvider = timeProvider;
        folder.CountChanged += (_, _) =>
        {
            _hasChanged = true;
            _idle?.Cancel();
        };
    }

    /// <summary>Connects and opens the folder.</summary>
    /// <exception cref="Exception">What sockets, TLS and MailKit throw.</exception>
    public static async Task<ImapMailbox> OpenAsync(ImapReceiverOptions options, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var client = new ImapClient();
        try
        {
            await ServerConnection.OpenAsync(client, options.Server, ImapPort, ImplicitTlsPort, cancellationToken).ConfigureAwait(false);
            var folder = await client.GetFolderAsync(options.Folder, cancellationToken).ConfigureAwait(false);
            await folder.OpenAsync(FolderAccess.ReadWrite, cancellationToken).ConfigureAwait(false);
            return new ImapMailbox(client, folder, timeProvider);
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    public async Task<IReadOnlyList<string>> ListAsync(CancellationToken cancellationToken)
    {
        // Before the search: what comes during it is looked for again.
        _hasChanged = false;
        var found = await _folder.SearchAsync(SearchQuery.NotDeleted, cancellationToken).ConfigureAwait(false);
        return [.. found.Order().Select(uid => string.Create(CultureInfo.InvariantCulture, $"{_folder.UidValidity}.{uid.Id}"))];
    }

    public async Task<RawMail> ReadAsync(string name, int maxSize, CancellationToken cancellationToken)
    {
        var uid = UidOf(name);
        var about = await _folder.FetchAsync([uid], MessageSummaryItems.UniqueId | MessageSummaryItems.Size, cancellationToken).ConfigureAwait(false);
        if (about.SingleOrDefault(summary => summary.UniqueId == uid) is not { } mail)
        {
            return default;
        }

        if (mail.Size > maxSize)
        {
            return new RawMail(null, IsTooLarge: true);
        }

        try
        {
            var stream = await _folder.GetStreamAsync(uid, string.Empty, cancellationToken).ConfigureAwait(false);
            await using (stream.ConfigureAwait(false))
            {
                using var octets = new MemoryStream();
                await stream.CopyToAsync(octets, cancellationToken).ConfigureAwait(false);
                return octets.Length > maxSize ? new RawMail(null, IsTooLarge: true) : new RawMail(octets.ToArray(), IsTooLarge: false);
            }
        }
        catch (MessageNotFoundException)
        {
            return default;
        }
    }

    public async Task DeleteAsync(string name, CancellationToken cancellationToken)
    {
        var uid = UidOf(name);
        await _folder.StoreAsync(uid, new StoreFlagsRequest(StoreAction.Add, MessageFlags.Deleted) { Silent = true }, cancellationToken).ConfigureAwait(false);

        // This one alone: what others have marked stays theirs to expunge.
        await _folder.ExpungeAsync([uid], cancellationToken).ConfigureAwait(false);
    }

    public async Task MoveAsync(string name, string folder, bool isSeen, CancellationToken cancellationToken)
    {
        var uid = UidOf(name);
        var target = await FindOrCreateAsync(folder, cancellationToken).ConfigureAwait(false);
        if (isSeen)
        {
            await _folder.StoreAsync(uid, new StoreFlagsRequest(StoreAction.Add, MessageFlags.Seen) { Silent = true }, cancellationToken).ConfigureAwait(false);
        }

        // Without MOVE: copied, then deleted here.
        await _folder.MoveToAsync(uid, target, cancellationToken).ConfigureAwait(false);
    }

    public async Task WaitAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (!_client.Capabilities.HasFlag(ImapCapabilities.Idle))
        {
            await Task.Delay(timeout, _timeProvider, cancellationToken).ConfigureAwait(false);
            return;
        }

        using var idle = new CancellationTokenSource(timeout, _timeProvider);
        _idle = idle;
        try
        {
            if (!_hasChanged)
            {
                await _client.IdleAsync(idle.Token, cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            _idle = null;
        }
    }

    public void Dispose() => _client.Dispose();

    private static UniqueId UidOf(string name)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return new UniqueId(uint.Parse(name[..dot], CultureInfo.InvariantCulture), uint.Parse(name[(dot + 1)..], CultureInfo.InvariantCulture));
    }

    private async Task<IMailFolder> FindOrCreateAsync(string name, CancellationToken cancellationToken)
    {
        if (!_targets.TryGetValue(name, out var folder))
        {
            try
            {
                folder = await _client.GetFolderAsync(name, cancellationToken).ConfigureAwait(false);
            }
            catch (FolderNotFoundException)
            {
                folder = await CreateAsync(name, cancellationToken).ConfigureAwait(false);
            }

            _targets.Add(name, folder);
        }

        return folder;
    }

    private async Task<IMailFolder> CreateAsync(string name, CancellationToken cancellationToken)
    {
        var parent = _client.GetFolder(_client.PersonalNamespaces[0]);
        var separator = parent.DirectorySeparator;
        IMailFolder? folder = null;

        // The namespace may have a prefix of its own, INBOX. say, which is not created.
        var prefix = parent.FullName.Length == 0 ? string.Empty : parent.FullName + separator;
        var path = name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name;
        foreach (var level in separator == '\0' ? [path] : path.Split(separator, StringSplitOptions.RemoveEmptyEntries))
        {
            folder = await (folder ?? parent).CreateAsync(level, isMessageFolder: true, cancellationToken).ConfigureAwait(false);
        }

        return folder ?? throw new FolderNotFoundException(name);
    }
}
