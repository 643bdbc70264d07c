using CooperationApi.Contracts;
using CooperationApi.Resources.Validation;
using FluentValidation;

namespace CooperationApi.Resources.Provinces;

/// <summary>Validates a province.</summary>
internal sealed class ProvinceValidator : CitedRecordValidator<Province>
{
    /// <summary>The socio-economic regions: until 2025-06-30 those of 81/2023/QH15, from 2025-07-01 those of 306/NQ-CP.</summary>
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
        RuleFor(province => province.NameEn).Text(100);
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
