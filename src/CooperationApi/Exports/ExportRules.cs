using CooperationApi.Contracts;
using CooperationApi.Resources;
using FluentValidation;

namespace CooperationApi.Exports;

/// <summary>What the manifest of an export is like.</summary>
internal sealed class ExportManifestRules : AbstractValidator<ExportManifest>
{
    public const string Hash = "^[0-9a-f]{64}$", Id = "^[0-9a-f]{1,64}-[0-9]{1,19}$";

    public ExportManifestRules()
    {
        RuleFor(manifest => manifest.Id).Matching(Id, 84);
        RuleFor(manifest => manifest.Epoch).Matching("^[0-9a-f]+$", 64);
        RuleFor(manifest => manifest.Cursor).Matching(Cursor.Pattern, Cursor.MaxLength);
        RuleFor(manifest => manifest.At).Matching(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$", 24);
        RuleFor(manifest => manifest.License).Matching("^[A-Za-z0-9.+-]+$", 50);
        RuleFor(manifest => manifest.Files).Size(1, 200);
        RuleFor(manifest => manifest.Since!).Matching(Id, 84);
    }
}

/// <summary>What a file of an export is like.</summary>
internal sealed class ExportFileRules : AbstractValidator<ExportFile>
{
    private static readonly string[] Contents = ["records", "delta", "database"], Formats = ["ndjson", "csv", "sqlite"], Compressions = ["gzip", "zstd"];

    public ExportFileRules()
    {
        RuleFor(file => file.Name).Matching("^[a-z0-9.-]+$", 100);
        RuleFor(file => file.Link).Matching("^/v1/exports/[a-z0-9./-]+$", 300);
        RuleFor(file => file.Content).Among(Contents);
        RuleFor(file => file.Type!).Matching(Slug.Pattern, 50);
        RuleFor(file => file.Format).Among(Formats);
        RuleFor(file => file.Compression).Among(Compressions);
        RuleFor(file => file.Sha256).Matching(ExportManifestRules.Hash, 64);
        RuleFor(file => file.UnpackedSha256).Matching(ExportManifestRules.Hash, 64);
    }
}
