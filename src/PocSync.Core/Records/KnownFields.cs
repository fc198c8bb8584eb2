using PocSync.Soql;

namespace PocSync.Core.Records;

/// <summary>
/// The types of standard fields of Account and User (as the object reference gives them) and of the package's fields, and the relationships that a condition can
/// follow. A field that is not here takes the type of what it is compared with.
/// </summary>
public static class KnownFields
{
    private static readonly Dictionary<string, FieldType> Types = new(StringComparer.OrdinalIgnoreCase);

    private static readonly Dictionary<string, (string Field, string Target)> Relationships = new(StringComparer.OrdinalIgnoreCase)
    {
        ["Account.Owner"] = ("OwnerId", "User"),
        ["Account.Parent"] = ("ParentId", "Account"),
        ["Account.MasterRecord"] = ("MasterRecordId", "Account"),
        ["Account.CreatedBy"] = ("CreatedById", "User"),
        ["Account.LastModifiedBy"] = ("LastModifiedById", "User"),
        ["User.Manager"] = ("ManagerId", "User"),
        ["User.CreatedBy"] = ("CreatedById", "User"),
        ["User.LastModifiedBy"] = ("LastModifiedById", "User"),
    };

    static KnownFields()
    {
        Add("Account", FieldType.Id, "Id MasterRecordId ParentId OwnerId CreatedById LastModifiedById RecordTypeId OperatingHoursId DandbCompanyId");
        Add("Account", FieldType.Text, """
            Name Type BillingStreet BillingCity BillingState BillingPostalCode BillingCountry BillingStateCode BillingCountryCode BillingGeocodeAccuracy
            ShippingStreet ShippingCity ShippingState ShippingPostalCode ShippingCountry ShippingStateCode ShippingCountryCode ShippingGeocodeAccuracy
            Phone Fax AccountNumber Website PhotoUrl Sic SicDesc Industry Ownership TickerSymbol Rating Site AccountSource CleanStatus DunsNumber NaicsCode
            NaicsDesc YearStarted Tradestyle Jigsaw JigsawCompanyId CurrencyIsoCode
            """);
        Add("Account", FieldType.LongText, "Description");
        Add("Account", FieldType.Number, "AnnualRevenue NumberOfEmployees BillingLatitude BillingLongitude ShippingLatitude ShippingLongitude");
        Add("Account", FieldType.Boolean, "IsDeleted IsPersonAccount IsPartner IsCustomerPortal IsExcludedFromRealign");
        Add("Account", FieldType.Date, "LastActivityDate POC_Exempt_Until__c");
        Add("Account", FieldType.DateTime, "CreatedDate LastModifiedDate SystemModstamp LastViewedDate LastReferencedDate");

        Add("User", FieldType.Id, "Id ManagerId ProfileId UserRoleId CreatedById LastModifiedById DelegatedApproverId ContactId AccountId CallCenterId IndividualId");
        Add("User", FieldType.Text, """
            Username Name FirstName LastName MiddleName Suffix CompanyName Division Department Title Street City State PostalCode Country StateCode CountryCode
            Email SenderEmail SenderName Signature StayInTouchSubject StayInTouchSignature StayInTouchNote Phone Fax MobilePhone Alias CommunityNickname
            TimeZoneSidKey LocaleSidKey EmailEncodingKey LanguageLocaleKey UserType EmployeeNumber Extension FederationIdentifier AboutMe BadgeText
            DigestFrequency DefaultGroupNotificationFrequency FullPhotoUrl SmallPhotoUrl CurrencyIsoCode DefaultCurrencyIsoCode PortalRole
            """);
        Add("User", FieldType.Boolean, "IsActive IsPortalEnabled ReceivesInfoEmails ReceivesAdminInfoEmails ForecastEnabled IsProfilePhotoActive IsExtIndicatorVisible");
        Add("User", FieldType.Number, "NumberOfFailedLogins Latitude Longitude POC_Capacity__c");
        Add("User", FieldType.Date, "POC_Certified_Until__c");
        Add("User", FieldType.DateTime, "CreatedDate LastModifiedDate SystemModstamp LastLoginDate LastPasswordChangeDate LastViewedDate LastReferencedDate");
    }

    /// <summary>The type of a field, by its package or standard name.</summary>
    public static FieldType TypeOf(string objectName, string field) =>
        Types.TryGetValue($"{objectName}.{field}", out var type) ? type : FieldType.Untyped;

    /// <summary>The reference field and target object behind a relationship, or null where it is not known.</summary>
    public static (string Field, string Target)? Relationship(string objectName, string name) =>
        Relationships.TryGetValue($"{objectName}.{name}", out var found) ? found : null;

    private static void Add(string objectName, FieldType type, string fields)
    {
        foreach (var field in fields.Split([' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries))
        {
            Types.Add($"{objectName}.{field}", type);
        }
    }
}
