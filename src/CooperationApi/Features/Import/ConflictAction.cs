namespace CooperationApi.Features.Import;

/// <summary>The handling of stored records with other content than the records of a bundle.</summary>
internal enum ConflictAction
{
    /// <summary>The import is rejected.</summary>
    Refuse,

    /// <summary>The stored records are not changed; the import continues.</summary>
    Keep,

    /// <summary>The stored records are replaced.</summary>
    Replace,
}
