using CooperationApi.Contracts;
using CooperationApi.Queries;
using CooperationApi.Resources.Validation;
using CooperationApi.Text;
using FluentValidation;

namespace CooperationApi.Features.Exports;

/// <summary>The limits of <see cref="ExportManifest"/> for the OpenAPI document.</summary>
internal sealed class ExportManifestRules : AbstractValidator<ExportManifest>
{
    public const string HashPattern = "^[0-9a-f]{64}$", IdPattern = "^[0-9a-f]{1,64}-[0-9]{1,19}$";

    public ExportManifestRules()
    {
        RuleFor(manifest => manifest.Id).MatchesPattern(IdPattern, 84);
        RuleFor(manifest => manifest.Epoch).MatchesPattern("^[0-9a-f]+$", 64);
        RuleFor(manifest => manifest.Cursor).MatchesPattern(PageCursor.Pattern, PageCursor.MaxLength);
        RuleFor(manifest => manifest.At).MatchesPattern(@"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$", 24);
        RuleFor(manifest => manifest.License).MatchesPattern("^[A-Za-z0-9.+-]+$", 50);
        RuleFor(manifest => manifest.Files).CountBetween(1, 200);
        RuleFor(manifest => manifest.PreviousExportId!).MatchesPattern(IdPattern, 84);
    }
}

/// <summary>The limits of <see cref="ExportFile"/> for the OpenAPI document.</summary>
internal sealed class ExportFileRules : AbstractValidator<ExportFile>
{
    private static readonly string[] Contents = ["records", "delta", "database"], Formats = ["ndjson", "csv", "sqlite"], Compressions = ["gzip", "zstd"];

    public ExportFileRules()
    {
        RuleFor(file => file.Name).MatchesPattern("^[a-z0-9.-]+$", 100);
        RuleFor(file => file.Link).MatchesPattern("^/v1/exports/[a-z0-9./-]+$", 300);
        RuleFor(file => file.Content).OneOf(Contents);
        RuleFor(file => file.Type!).MatchesPattern(Slug.Pattern, 50);
        RuleFor(file => file.Format).OneOf(Formats);
        RuleFor(file => file.Compression).OneOf(Compressions);
        RuleFor(file => file.Sha256).MatchesPattern(ExportManifestRules.HashPattern, 64);
        RuleFor(file => file.UncompressedSha256).MatchesPattern(ExportManifestRules.HashPattern, 64);
    }
}
