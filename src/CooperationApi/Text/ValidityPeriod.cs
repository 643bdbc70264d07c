namespace CooperationApi.Text;

/// <summary>
/// The period in which a province unit existed. The start is null if it is before the first known day, the end if the unit still exists.
/// </summary>
internal sealed record ValidityPeriod(DateOnly? From, DateOnly? To);
