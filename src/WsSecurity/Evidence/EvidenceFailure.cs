namespace WsSecurity.Evidence;

/// <summary>What is wrong with a trail: one member per finding that a user can tell apart.</summary>
public enum EvidenceFailure
{
    /// <summary>Nothing; the default of the type.</summary>
    None = 0,

    /// <summary>A record is not the one that was chained: its header or its content was changed.</summary>
    RecordAltered,

    /// <summary>A record was removed.</summary>
    RecordMissing,

    /// <summary>Records stand in another order than they were written in, or one stands there twice.</summary>
    RecordOutOfOrder,

    /// <summary>A record belongs to another trail.</summary>
    RecordForeign,

    /// <summary>Half a record, which a crash or a cut left behind and which no later record accounts for.</summary>
    RecordIncomplete,

    /// <summary>No checkpoint covers a record: it was cut off with what followed, added without the key, or its writer crashed before anybody was told of it.</summary>
    RecordNotSigned,

    /// <summary>The signature of a checkpoint does not fit: it, or a record that it covers, was changed.</summary>
    SignatureInvalid,

    /// <summary>A checkpoint is signed by a key that is not trusted: the trail was signed again by somebody else.</summary>
    SignerNotTrusted,

    /// <summary>A timestamp token is broken, or is about something else.</summary>
    TimestampInvalid,

    /// <summary>A timestamp token is not from a trusted authority.</summary>
    TimestampAuthorityNotTrusted,

    /// <summary>The head that was kept elsewhere is not in the trail: its end was cut off, or everything was written anew.</summary>
    HeadMissing,

    /// <summary>A kept message does not prove what its record says that it proved.</summary>
    MessageNotProven,

    /// <summary>There is no trail where one was expected, or it is empty.</summary>
    TrailMissing,
}
