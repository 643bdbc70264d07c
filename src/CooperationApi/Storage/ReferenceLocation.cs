using System.Globalization;

namespace CooperationApi.Storage;

/// <summary>Where a record names another.</summary>
internal sealed record ReferenceLocation(string Type, string Id, string Member, int Ordinal)
{
    /// <summary>Where in the record's JSON it stands: `participants[].officialId`, the third, as `participants/2/officialId`.</summary>
    public string Pointer => Member.Replace("[]", string.Create(CultureInfo.InvariantCulture, $"/{Ordinal}"), StringComparison.Ordinal).Replace('.', '/');
}
