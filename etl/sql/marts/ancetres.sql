-- Each territory with itself and every territory that holds it.
with recursive ascendance as (
    select niveau, code, niveau as ancetre_niveau, code as ancetre_code
    from territoires
    union all
    select enfant.niveau, enfant.code, parent.parent_niveau, parent.parent_code
    from ascendance as enfant
    join territoires as parent on parent.niveau = enfant.ancetre_niveau and parent.code = enfant.ancetre_code
    where parent.parent_code is not null
)
select distinct * from ascendance
