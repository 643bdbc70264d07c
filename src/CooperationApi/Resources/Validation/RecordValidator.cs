using CooperationApi.Contracts;
using CooperationApi.Http.Problems;
using FluentValidation;

namespace CooperationApi.Resources.Validation;

/// <summary>Validates the identifier, which all records have.</summary>
internal abstract class RecordValidator<T> : AbstractValidator<T> where T : Record
{
    protected RecordValidator() => RuleFor(record => record.Id).Slug();
}

/// <summary>Validates the citations of a record: 1 to 100 valid citations, which support members that the record type has.</summary>
internal abstract class CitedRecordValidator<T> : RecordValidator<T> where T : CitedRecord
{
    protected CitedRecordValidator()
    {
        var members = ValidationRules.GetMemberNames(typeof(T));
        this.RuleForItems(record => record.Citations, new CitationValidator(), maxCount: 100, minCount: 1);
        RuleForEach(record => record.Citations).Custom((citation, context) =>
        {
            if (citation.Supports.All(members.Contains))
                return;
            foreach (var unknownMember in citation.Supports.Except(members))
                context.AddFailure(ValidationRules.CreateFailure(context.PropertyPath + ".supports",
                    RequestError.NotOneOf("unsupported_member", unknownMember, members)));
        });
    }
}
