using CooperationApi.Contracts;
using CooperationApi.Resources.Validation;
using CooperationApi.Text;
using FluentValidation;

namespace CooperationApi.Resources.Provinces;

/// <summary>Validates a province.</summary>
internal sealed class ProvinceValidator : CitedRecordValidator<Province>
{
    /// <summary>
    /// The socio-economic regions: those of 81/2023/QH15 (in force from 2023-01-09) until 2025-06-30, and those of 306/NQ-CP (in force from
    /// 2025-10-05) after that. Before these acts hold, versions have the regions without a legal basis.
    /// </summary>
    public static readonly IReadOnlyList<string> Regions =
    [
        "Trung du và miền núi phía Bắc",
        "Đồng bằng sông Hồng",
        "Bắc Trung Bộ",
        "Bắc Trung Bộ và duyên hải miền Trung",
        "Duyên hải Nam Trung Bộ và Tây Nguyên",
        "Tây Nguyên",
        "Đông Nam Bộ",
        "Đồng bằng sông Cửu Long",
    ];

    public ProvinceValidator()
    {
        RuleFor(province => province.Code).MatchesPattern("^[0-9]{2}$", 2, "34");
        RuleFor(province => province.Name).Text(100);
        RuleFor(province => province.FullName).Text(120);
        RuleFor(province => province.FullName)
            .Must((province, fullName) => fullName is null || ProvinceFullName.Matches(fullName, province.Kind, province.Name))
            .WithErrorCode("full_name_mismatch")
            .WithState((province, _) => new object[] { ProvinceFullName.Create(province.Kind, province.Name) });
        RuleFor(province => province.NameEn).Text(100);
        RuleFor(province => province.Aliases).CountBetween(0, 20);
        RuleForEach(province => province.Aliases).Text(100);
        RuleFor(province => province.Aliases).Custom((aliases, context) => AddDuplicateNames(aliases, context));
        RuleFor(province => province.Region).OneOf(Regions);
        RuleFor(province => province.IsoCode).MatchesPattern("^VN-[A-Z0-9]{2,3}$", 6, "VN-HN");
        this.RuleForItems(province => province.Versions, new ProvinceVersionValidator(), maxCount: 50, minCount: 1);
        When(province => province.Versions.Count > 0, () =>
        {
            RuleFor(province => province.Versions).Must(AreContiguous).WithCode("versions_not_contiguous");
            RuleFor(province => province.Name).Must((province, name) => name == province.Versions[^1].Name)
                .WithCode("latest_version_mismatch");
            RuleFor(province => province.Kind).Must((province, kind) => kind == province.Versions[^1].Kind)
                .WithCode("latest_version_mismatch");
            RuleFor(province => province.Region).Must((province, region) => region == province.Versions[^1].Region)
                .WithCode("latest_version_mismatch");
        });
        this.RuleForItems(province => province.Predecessors, new ProvinceSuccessionValidator(), maxCount: 50);
        this.RuleForItems(province => province.Successors, new ProvinceSuccessionValidator(), maxCount: 50);
    }

    /// <summary>
    /// Adds an error for each alias that differs from another name only in case, tones, diacritics or punctuation: search, the reason for
    /// aliases, ignores these differences.
    /// </summary>
    private static void AddDuplicateNames(IReadOnlyList<string> aliases, ValidationContext<Province> context)
    {
        var province = context.InstanceToValidate;
        var namesByWords = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var name in province.Versions.SelectMany(version => new[] { version.Name, version.NameEn })
            .Concat([province.Name, province.NameEn, province.FullName ?? ""]))
            namesByWords[TextFolding.Fold(name)] = name;
        foreach (var (i, alias) in aliases.Index())
        {
            if (TextFolding.Fold(alias) is var words && !namesByWords.TryAdd(words, alias) && !string.IsNullOrWhiteSpace(words))
            {
                context.AddFailure(
                    ValidationRules.CreateFailure($"{context.PropertyPath}[{i}]", "duplicate_name", alias, namesByWords[words]));
            }
        }
    }

    private static bool AreContiguous(Province province, IReadOnlyList<ProvinceVersion> versions) =>
        versions[0].ValidFrom == province.ValidFrom
        && versions[^1].ValidTo == province.ValidTo
        && versions.Zip(versions.Skip(1)).All(pair => pair.First.ValidTo?.AddDays(1) == pair.Second.ValidFrom);
}

internal sealed class ProvinceVersionValidator : AbstractValidator<ProvinceVersion>
{
    public ProvinceVersionValidator()
    {
        RuleFor(version => version.Name).Text(100);
        RuleFor(version => version.NameEn).Text(100);
        RuleFor(version => version.Region).OneOf(ProvinceValidator.Regions);
        RuleFor(version => version.LegalBasis).Text(100);
        RuleFor(version => version.RegionLegalBasis).Text(100);
        RuleFor(version => version).Must(version => !(version.ValidTo < version.ValidFrom)).WithCode("invalid_period");
    }
}

internal sealed class ProvinceSuccessionValidator : AbstractValidator<ProvinceSuccession>
{
    public ProvinceSuccessionValidator()
    {
        RuleFor(succession => succession.Id).Slug();
        RuleFor(succession => succession.LegalBasis).Text(100);
    }
}
