using System.Globalization;
using System.Text;

namespace PocSync.Simulator.Generation;

/// <summary>
/// A country with names that sound like it. All people and companies are invented; telephone numbers lie in ranges kept for fiction where the country
/// has one. A company is put together from a stem, a trade (one for each of <see cref="Industries"/>) and a legal form.
/// </summary>
/// <param name="Pattern"><c>{0}</c> the stem, <c>{1}</c> the trade, <c>{2}</c> the form.</param>
/// <param name="Phone"><c>{0}</c> is two digits, <c>{1}</c> another two.</param>
internal sealed record Region(
    string Country, string Division, string TimeZone, string Language, string Phone, string Pattern,
    string[] Given, string[] Family, string[] Stems, string[] Trades, string[] Forms, string[] Cities)
{
    /// <summary>As Salesforce spells them, in the order of every region's trades.</summary>
    public static readonly string[] Industries =
    [
        "Food & Beverage", "Manufacturing", "Technology", "Healthcare", "Transportation", "Construction",
        "Finance", "Retail", "Energy", "Media", "Education", "Agriculture",
    ];

    /// <summary>The first is where the org's own people who look after the planted cases sit.</summary>
    public static readonly Region[] All =
    [
        new("United Kingdom", "UK & Ireland", "Europe/London", "en_GB", "+44 20 7946 01{0}", "{0} {1} {2}",
            Words("Amelia Oliver Isla George Poppy Harry Freya Rhys Niamh Callum Zara Imogen Dev Keira Ewan Tamsin"),
            Words("Whitaker Pemberton Cartwright Llewellyn Drummond Ashworth Okonjo Hargreaves MacAllister Penrose Sutcliffe Fairclough Beaumont Rooke Chaudhry Winterbourne"),
            Words("Ashdown Brackley Calder Dunmore Eastleigh Farrow Glenister Hartwell Inchbrook Kestrel Langstone Marlow Northgate Oakhurst Pendle Quarry Rosswood Selby Thornbury Underhill Vale Wexcombe Yarrow Aldgrove"),
            List("Foods|Engineering|Systems|Clinics|Haulage|Builders|Capital|Stores|Power|Press|Academies|Farms"),
            List("Ltd|plc|LLP|Group Ltd"), List("Leeds|Bristol|Cardiff|Glasgow|Norwich|Belfast")),
        new("United States", "North America", "America/New_York", "en_US", "+1 (555) 010-{0}{1}", "{0} {1}{2}",
            Words("Ava Mason Luna Carter Nevaeh Diego Brooklyn Tyrell Savannah Hudson Mei Xavier Autumn Wyatt Jada Owen"),
            Words("Calloway Brennan Delacroix Whitfield Navarro Lindgren Okafor Prescott Sandoval Tran McKinley Abernathy Castellano Redcloud Hutchins Yoon"),
            List("Cedar Ridge|Blue Mesa|Harbor Point|Iron Creek|Lone Pine|Silver Fork|Granite Bay|Copper Hill|Maple Hollow|Prairie Star|Redstone|Cypress Bend|Summit Lake|Old Mill|Three Rivers|Sandpiper|Juniper|Big Sky|Pelican Cove|Stonebridge|Wildcat|Liberty Falls|Falcon Heights|Desert Rose"),
            List("Provisions|Manufacturing|Software|Health|Freight|Contractors|Financial|Outfitters|Energy|Broadcasting|Learning|Ranches"),
            List(", Inc.| LLC| Corp.| Holdings, Inc."), List("Columbus|Austin|Portland|Raleigh|Denver|Tampa")),
        new("Germany", "DACH", "Europe/Berlin", "de", "+49 30 23125 {0}{1}", "{0} {1} {2}",
            Words("Hannah Jonas Lena Maximilian Greta Felix Ayşe Lukas Frieda Moritz Annika Tobias Käthe Jörg Svenja Matthias"),
            Words("Hollmann Brandt Kühnel Weißgerber Oelkers Schäfer-Dorn Vogelsang Yılmaz Reinhardt Lindenau Böttcher Hagedorn Zumwinkel Petersen Krämer Achenbach"),
            Words("Adlerfels Birkental Dornbach Eichgrund Falkenau Grünwiese Hohenlinde Isarblick Kaltenstein Lerchenfeld Mühlbruck Nordheim Osterholz Rabenau Silberbach Tannhof Uferstein Wiesenthal Lindenkamp Bärenbusch Steinrück Ahornberg Möwensand Königsforst"),
            List("Lebensmittel|Maschinenbau|Datentechnik|Kliniken|Spedition|Hochbau|Treuhand|Warenhaus|Energie|Verlag|Bildungswerk|Landhandel"),
            List("GmbH|AG|GmbH & Co. KG|eG"), List("Bremen|Leipzig|Nürnberg|Kassel|Rostock|Münster")),
        new("France", "France & Benelux", "Europe/Paris", "fr", "+33 1 99 00 {0} {1}", "{1} {0} {2}",
            Words("Chloé Lucas Manon Hugo Inès Théo Anaïs Mathis Océane Rémi Élodie Yanis Maëlle Gaëtan Soraya Benoît"),
            Words("Delaunay Rousselot Lemercier Chastain Bonnefoy Kerguelen Marchand Saint-Clair Benali Garnier-Roux Thévenet Duvallon Lacaze Fontenay Peyrac Legoff"),
            List("Beaurivage|du Marais|des Alizés|Val d'Ombre|Belleroche|de l'Étang|Montclair|Grand Cèdre|Saint-Aubin|Les Tilleuls|Rochevert|de la Baie|Clairefontaine|du Levant|Malaval|Vert-Bois|d'Ormesson|Bois Joli|Fontbrune|La Garenne|des Trois Ponts|du Phare|Hautecombe|Mirefleur"),
            List("Délices|Ateliers|Logiciels|Cliniques|Transports|Constructions|Crédit|Magasins|Énergies|Éditions|Écoles|Vergers"),
            List("SA|SARL|SAS|et Fils"), List("Nantes|Dijon|Toulouse|Rennes|Annecy|Lille")),
        new("Japan", "Japan", "Asia/Tokyo", "ja", "+81 3 5550 {0}{1}", "{0}{1}{2}",
            Words("Yumi Kenji Haruka Daichi Sakura Takumi Aoi Ren Misaki Hiroto Naoko Shota Emi Kazuya Rina Satoshi"),
            Words("Takeda Shimizu Kuroda Nishimura Hayakawa Morimoto Ishiguro Fujiwara Okazaki Matsuda Arakawa Sugimoto Tachibana Uehara Yoshikawa Kitagawa"),
            Words("青葉 千歳 若竹 朝日野 月島 白樺 緑川 海老原 雪谷 高千穂 松風 楓 金沢野 東雲 桜台 富岳 大和田 星川 山吹 清水谷 常盤 鶴見野 葵 白鷺"),
            List("食品|製作所|電算|医療|運輸|建設|信託|百貨店|電力|放送|学園|農産"),
            List("株式会社|有限会社|ホールディングス|合同会社"), List("仙台|金沢|高松|熊本|札幌|静岡")),
        new("Brazil", "Latin America", "America/Sao_Paulo", "pt_BR", "+55 11 5550-{0}{1}", "{1} {0} {2}",
            Words("Beatriz Thiago Larissa Caio Luísa João Iara Mateus Débora Vinícius Antônia Rafael Júlia Davi Cecília Otávio"),
            Words("Nogueira Ferraz Albuquerque Barreto Magalhães Sampaio Queiroz Vasconcelos Teixeira Monteiro Brandão Furtado Guimarães Paranhos Damasceno Leitão"),
            List("Serra Azul|Pau-Brasil|Rio Claro|Boa Esperança|Ipê Amarelo|Três Marias|Campo Belo|Monte Verde|Pedra Branca|Águas Mansas|Jatobá|Vale do Sol|Porto Novo|Guará|Araucária|Santa Rita|Ilha Grande|Bela Vista|Morro Alto|Estrela do Sul|Mandacaru|Rio Doce|Paineira|Cachoeira"),
            List("Alimentos|Metalúrgica|Informática|Clínicas|Transportes|Construtora|Financeira|Lojas|Energia|Editora|Colégios|Agropecuária"),
            List("Ltda.|S.A.|& Irmãos|Participações"), List("Campinas|Recife|Curitiba|Goiânia|Belém|Santos")),
        new("India", "India", "Asia/Kolkata", "en_IN", "+91 22 5550 {0}{1}", "{0} {1} {2}",
            Words("Ananya Arjun Diya Rohan Kavya Vikram Meera Siddharth Ishita Karthik Nandini Farhan Pooja Harpreet Lakshmi Aditya"),
            Words("Raghunathan Deshmukh Chatterjee Malhotra Subramaniam Kulkarni Qureshi Bhattacharya Nambiar Gill Venkatesan Thakur Iyengar Mistry Bajwa Srinivasan"),
            Words("Suryodaya Nilgiri Chandrika Godavari Himavat Kaveri Malabar Narmada Pushkar Saffron Trishul Vindhya Aravalli Banyan Deccan Gulmohar Jamun Lotus Monsoon Peepal Sahyadri Tamarind Udaan Varsha"),
            List("Foods|Industries|Infotech|Hospitals|Logistics|Infra|Finserve|Bazaar|Power|Media|Vidyalaya|Agro"),
            List("Pvt Ltd|Limited|Enterprises|& Sons"), List("Pune|Kochi|Jaipur|Nagpur|Mysuru|Surat")),
        new("Sweden", "Nordics", "Europe/Stockholm", "sv", "+46 8 465 004 {0}", "{0} {1} {2}",
            Words("Astrid Emil Ebba Oskar Saga Viktor Linnéa Björn Tuva Nils Märta Sören Elin Håkan Freja Anton"),
            Words("Lindqvist Ekström Hallberg Sjödin Wallenius Nyström Åkesson Bergmark Dahlgren Forsell Söderlund Östberg Löfgren Tjäder Grönvall Haglund"),
            Words("Björkdal Norrsken Ekudden Fjällvik Granhult Havsö Isbrytar Kråknäs Lövsta Myrtorp Nordanö Rönnbäck Skogsby Tallmo Ugglarp Västerskog Åsberg Älvnäs Örtofta Vintergatan Lingon Sjöbris Mossebo Stenudd"),
            List("Livs|Verkstad|Data|Vård|Åkeri|Bygg|Kapital|Handel|Energi|Förlag|Utbildning|Lantbruk"),
            List("AB|HB|Gruppen AB|& Söner"), List("Malmö|Uppsala|Umeå|Örebro|Visby|Luleå")),
        new("Poland", "Central Europe", "Europe/Warsaw", "pl", "+48 22 555 {0} {1}", "{1} {0} {2}",
            Words("Zofia Jakub Maja Szymon Łucja Michał Agnieszka Wojciech Hanna Paweł Bożena Tomasz Iga Grzegorz Kinga Łukasz"),
            Words("Nowak Mazur Sobczak Piątek Błaszczyk Śliwa Gajda Kołodziej Wrona Zając Czajka Dudek Kruk Sikora Żak Pająk"),
            List("Biały Orzeł|Dąbrowa|Jasna Góra|Kalina|Leśny|Modrzew|Nad Wisłą|Olsza|Piast|Rzeka|Sokół|Świt|Tatry|Wawel|Złota Jabłoń|Żubr|Brzoza|Jantar|Karpaty|Łabędź|Mazury|Nowy Most|Połonina|Zielony Gaj"),
            List("Spożywczy|Zakłady|Oprogramowanie|Przychodnie|Spedycja|Budowa|Finanse|Sklepy|Energetyka|Wydawnictwo|Szkoły|Rolnictwo"),
            List("sp. z o.o.|S.A.|s.c.|sp.k."), List("Gdańsk|Łódź|Poznań|Kraków|Lublin|Rzeszów")),
        new("Spain", "Iberia", "Europe/Madrid", "es", "+34 91 555 {0} {1}", "{1} {0} {2}",
            Words("Lucía Hugo Martina Álvaro Noa Iker Carmen Gonzalo Ainhoa Jorge Rocío Adrián Nuria Íñigo Paula Ramón"),
            Words("Santamaría Echeverría Villalobos Carrasco Montalbán Ibáñez Quiroga Peñalver Aldama Zubiri Cabrera Nájera Ortuño Larrañaga Beltrán Somoza"),
            List("El Olivar|Sierra Clara|La Dehesa|Costa Brava|Río Tinto|Las Encinas|Puerta del Sol|Monte Rey|El Faro|Valdeflores|Alcázar|Tres Torres|La Ribera|Peñablanca|Campo Real|El Almendro|Villanueva|Altamira|Los Pinos|Aguaviva|Torremar|La Solana|Navarredonda|El Molino"),
            List("Conservas|Talleres|Informática|Clínicas|Transportes|Obras|Finanzas|Almacenes|Energía|Editorial|Escuelas|Agrícola"),
            List("S.L.|S.A.|e Hijos|S.Coop."), List("Bilbao|Valencia|Murcia|Zaragoza|Vigo|Granada")),
    ];

    /// <summary>Different names for different indices up to the number of combinations, then with a city, then with a branch number.</summary>
    public string Company(int index, out string industry)
    {
        var combinations = Stems.Length * Trades.Length * Forms.Length;
        var mixed = (int)(index * 127L % combinations);
        var trade = mixed / Stems.Length % Trades.Length;
        industry = Industries[trade];
        var name = string.Format(CultureInfo.InvariantCulture, Pattern, Stems[mixed % Stems.Length], Trades[trade], Forms[mixed / Stems.Length / Trades.Length]);
        var again = index / combinations;
        if (again == 0)
            return name;
        name = $"{name} {Cities[(again - 1) % Cities.Length]}";
        return again <= Cities.Length ? name : $"{name} {1 + (again - 1) / Cities.Length}";
    }

    public string PhoneNumber(ref Draw draw) =>
        string.Format(CultureInfo.InvariantCulture, Phone, TwoDigits(draw.Below(100)), TwoDigits(draw.Below(100)));

    private static string TwoDigits(int number) => number.ToString("00", CultureInfo.InvariantCulture);

    /// <summary>Letters that an address can hold: without accents, lower case.</summary>
    public static string Plain(string name)
    {
        const string accented = "àáâãåäæçèéêëìíîïñòóôõöøœùúûüýÿßąćęłńśźżğışřščžěů";
        const string bare = "aaaaaaaceeeeiiiinooooooouuuuyysacelnszzgisrsczeu";
        var plain = new StringBuilder(name.Length);
        foreach (var letter in name)
        {
            var lower = char.ToLowerInvariant(letter);
            var at = accented.IndexOf(lower);
            var c = at < 0 ? lower : bare[at];
            if (char.IsAsciiLetterLower(c))
                plain.Append(c);
        }
        return plain.ToString();
    }

    private static string[] Words(string text) => text.Split(' ');

    private static string[] List(string text) => text.Split('|');
}
