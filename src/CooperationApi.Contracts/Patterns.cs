using System.ComponentModel.DataAnnotations;

namespace CooperationApi.Contracts;

/// <summary>Regular expressions of texts, in the syntax that .NET, JavaScript and JSON Schema share.</summary>
public static class Patterns
{
    public const string Slug = "^[a-z0-9]+(-[a-z0-9]+)*$";

    /// <summary>The id of a province unit, or `*` for all units.</summary>
    public const string ProvinceScope = @"^([a-z0-9]+(-[a-z0-9]+)*|\*)$";

    /// <summary>The type and the id of a record.</summary>
    public const string RecordName = "^[a-z0-9-]+/[a-z0-9-]+$";

    public const string Sha256 = "^[0-9a-f]{64}$";

    /// <summary>UTC with milliseconds.</summary>
    public const string UtcTimestamp = @"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$";

    public const string Epoch = "^[0-9a-f]+$";

    /// <summary>The Base64url alphabet.</summary>
    public const string Cursor = "^[A-Za-z0-9_-]+$";

    /// <summary>A cursor, or `*` for the start.</summary>
    public const string CursorOrStart = @"^([A-Za-z0-9_-]+|\*)$";

    /// <summary>The bucket of a digest.</summary>
    public const string Bucket = "^[0-9a-f]{2}$";

    public const string KeyId = "^[a-z0-9]{8}$";

    public const string ExportId = "^[0-9a-f]{1,64}-[0-9]{1,19}$";

    /// <summary>The id of an export, or `latest`.</summary>
    public const string ExportIdOrLatest = "^([0-9a-f]{1,64}-[0-9]{1,19}|latest)$";

    public const string Version = @"^[0-9]+\.[0-9]+\.[0-9]+$";

    /// <summary>ISO 4217.</summary>
    public const string Currency = "^[A-Z]{3}$";

    /// <summary>RFC 6901.</summary>
    public const string JsonPointer = "^(/[^/]*)*$";

    /// <summary>Codes of problems and errors.</summary>
    public const string Code = "^[a-z]+(_[a-z]+)*$";

    /// <summary>Text for people: no control characters except line feed.</summary>
    public const string Text = @"^[^\u0000-\u0009\u000B-\u001F\u007F-\u009F]+$";

    /// <summary>Text that may quote invalid input.</summary>
    public const string AnyText = @"^[\s\S]+$";
}

/// <summary>The pattern and the maximum length of a text, or of each text in a list.</summary>
[AttributeUsage(AttributeTargets.Property)]
public class PatternAttribute(string pattern, int maxLength) : RegularExpressionAttribute(pattern)
{
    /// <summary>The maximum length in characters.</summary>
    public int MaxLength => maxLength;

    /// <inheritdoc/>
    public override bool IsValid(object? value) =>
        value is IEnumerable<string> texts ? texts.All(IsValid) : !(value is string text && text.Length > maxLength) && base.IsValid(value);
}

/// <summary>The id of a record.</summary>
public sealed class SlugAttribute() : PatternAttribute(Patterns.Slug, Limits.MaxSlugLength);

/// <summary>The name of a resource type, as in its URL.</summary>
public sealed class TypeNameAttribute() : PatternAttribute(Patterns.Slug, 50);

/// <inheritdoc cref="Patterns.UtcTimestamp"/>
public sealed class UtcTimestampAttribute() : PatternAttribute(Patterns.UtcTimestamp, 24);

/// <summary>A SHA-256 in lower-case hexadecimal.</summary>
public sealed class Sha256Attribute() : PatternAttribute(Patterns.Sha256, 64);

/// <summary>The epoch of a store.</summary>
public sealed class EpochAttribute() : PatternAttribute(Patterns.Epoch, 64);

/// <summary>The cursor of a page.</summary>
public sealed class CursorAttribute() : PatternAttribute(Patterns.Cursor, Limits.MaxCursorLength);

/// <summary>The allowed values of each text in a list.</summary>
public sealed class AllowedItemsAttribute(params string[] values) : AllowedValuesAttribute(values)
{
    /// <inheritdoc/>
    public override bool IsValid(object? value) => value is IEnumerable<string> items && items.All(base.IsValid);
}
